import { readSafetensors, writeSafetensors, type NamedTensor } from '../exchange/safetensors.ts'
import { badModel, layoutOf, modelOf, readModel, writeModel, type Model } from './model.ts'
import type { Extent } from './convolution.ts'

/*
 * Weights as PyTorch's modules name and order them, in a safetensors file with the metadata of our own layout:
 *
 *   Linear   NAME.weight [out, in], NAME.bias [out]
 *   Conv2d   NAME.weight [out, in, rows, columns], NAME.bias [out]
 *   LSTM     lstm.weight_ih_l0 [4 H, in], lstm.weight_hh_l0 [4 H, H], lstm.bias_ih_l0 and lstm.bias_hh_l0 [4 H]: the rows
 *            of the gates i, f, g, o, one block each; both biases are added
 *
 * A layer after a flattened image reads it channel by channel there, and cell by cell here.
 */

/** The order of the gates' blocks in a PyTorch LSTM. */
const GATES = ['i', 'f', 'g', 'o'] as const
const LSTM_TENSORS = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'] as const
/** A raw bias whose softplus is 0 in float32: what stands for an effective bias of 0. */
const RAW_OF_ZERO = -104

/**
 * The same model in our own layout.
 *
 * @param bytes a safetensors file in PyTorch's layout
 * @returns a file that `readModel` reads
 * @throws HeatproofError `bad_file`, `bad_values`, `bad_model`: tensors that do not fit the architecture, a ReLU layer with
 *   a positive bias (these networks have none, and relevance would not be conserved)
 */
export function fromPytorch(bytes: Uint8Array, source: string): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes, source)
  const own = new Map<string, NamedTensor>()
  for (const [name, tensor] of tensors) {
    const part = /^lstm\.(.+)$/.exec(name)?.[1]
    if (part === undefined) own.set(...convertLayer(name, tensor))
    else if (!LSTM_TENSORS.some((known) => known === part)) {
      throw badModel(`a tensor '${name}' in ${source}`, `lstm.${LSTM_TENSORS.join(', lstm.')}`)
    }
  }
  if ([...tensors.keys()].some((name) => name.startsWith('lstm.'))) {
    for (const [name, tensor] of convertLstm(tensors, source)) own.set(name, tensor)
  }
  return writeModel(eachFlattened(modelOf({ tensors: own, metadata }, source), toCellByCell))
}

/** The inverse of {@link fromPytorch}: gate biases go to `bias_ih_l0`, and `bias_hh_l0` is 0. */
export function toPytorch(bytes: Uint8Array, source: string): Uint8Array {
  const { metadata } = readSafetensors(bytes, source)
  const { weights } = eachFlattened(readModel(bytes, source), toChannelByChannel)
  const foreign = new Map<string, NamedTensor>()
  for (const [name, tensor] of weights) {
    if (name.startsWith('lstm.')) continue
    if (name.endsWith('.bias_raw')) foreign.set(name.replace('_raw', ''), map(tensor, effectiveBias))
    else foreign.set(name, reordered(tensor, [3, 2, 0, 1]))
  }
  if (weights.has('lstm.i.weight')) {
    for (const [name, tensor] of foreignLstm(weights)) foreign.set(name, tensor)
  }
  return writeSafetensors(foreign, metadata)
}

function convertLayer(name: string, tensor: NamedTensor): [string, NamedTensor] {
  if (name.endsWith('.bias')) return [`${name}_raw`, map(tensor, (bias) => rawBias(bias, name))]
  return [name, reordered(tensor, [2, 3, 1, 0])]
}

function convertLstm(tensors: ReadonlyMap<string, NamedTensor>, source: string): [string, NamedTensor][] {
  const [inputs, states, inputBias, stateBias] = LSTM_TENSORS.map((part) => {
    const tensor = tensors.get(`lstm.${part}`)
    if (tensor === undefined) throw badModel(`no tensor 'lstm.${part}' in ${source}`, 'an LSTM of one layer')
    return tensor
  }) as [NamedTensor, NamedTensor, NamedTensor, NamedTensor]
  const [rows = 0, units = 0] = states.shape
  const fits =
    rows === GATES.length * units && [inputs, inputBias, stateBias].every(({ shape }) => shape[0] === rows)
  if (!fits) {
    throw badModel(
      `LSTM tensors of shapes ${[inputs, states, inputBias, stateBias].map(({ shape }) => `[${shape.join(', ')}]`).join(', ')} in ${source}`,
      '[4 H, in], [4 H, H], [4 H], [4 H]',
    )
  }
  return GATES.flatMap((gate, block): [string, NamedTensor][] => {
    const rowsOf = (tensor: NamedTensor) => rowBlock(tensor, block * units, units)
    const second = rowsOf(stateBias).data
    const bias = {
      shape: [units],
      data: rowsOf(inputBias).data.map((value, index) => value + (second[index] ?? 0)),
    }
    const weight = joinRows(transpose(rowsOf(inputs)), transpose(rowsOf(states)))
    return [
      [`lstm.${gate}.weight`, weight],
      gate === 'g'
        ? ['lstm.g.bias_raw', map(bias, (value) => rawBias(value, 'the biases of gate g'))]
        : [`lstm.${gate}.bias`, bias],
    ]
  })
}

function foreignLstm(weights: ReadonlyMap<string, NamedTensor>): [string, NamedTensor][] {
  const of = (name: string) => weights.get(name) ?? { shape: [0, 0], data: new Float32Array() }
  const blocks = GATES.map((gate) => {
    const weight = of(`lstm.${gate}.weight`)
    const units = weight.shape[1] ?? 0
    const seen = (weight.shape[0] ?? 0) - units
    return {
      inputs: transpose(rowBlock(weight, 0, seen)),
      states: transpose(rowBlock(weight, seen, units)),
      bias: gate === 'g' ? map(of('lstm.g.bias_raw'), effectiveBias) : of(`lstm.${gate}.bias`),
    }
  })
  const bias = blocks.map((block) => block.bias).reduce(joinRows)
  return [
    ['lstm.weight_ih_l0', blocks.map(({ inputs }) => inputs).reduce(joinRows)],
    ['lstm.weight_hh_l0', blocks.map(({ states }) => states).reduce(joinRows)],
    ['lstm.bias_ih_l0', bias],
    ['lstm.bias_hh_l0', map(bias, () => 0)],
  ]
}

/** `raw` with `-softplus(raw) = bias`, for a bias <= 0. */
function rawBias(bias: number, name: string): number {
  if (bias > 0) {
    throw badModel(
      `a bias of ${bias} in ${name}`,
      'biases of 0 or below in every ReLU layer and the logits: these networks are trained so',
    )
  }
  return bias === 0 ? RAW_OF_ZERO : -bias + Math.log(-Math.expm1(bias))
}

function effectiveBias(raw: number): number {
  return -(Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw))))
}

/** Reorders the rows of every dense weight that reads images of several cells and channels. */
function eachFlattened(model: Model, order: (cells: number, channels: number) => Uint32Array): Model {
  const layout = layoutOf(model)
  const weights = new Map(model.weights)
  for (const [layer, { inputs, kernel }] of Object.entries(layout.layers)) {
    const [source] = inputs
    if (kernel !== undefined || source === undefined || source === 'pixels') continue
    const { height, width, channels }: Extent = layout.extentOf(source)
    const weight = weights.get(`${layer}.weight`)
    if (height * width === 1 || weight === undefined) continue
    weights.set(`${layer}.weight`, pickRows(weight, order(height * width, channels)))
  }
  return { ...model, weights }
}

/** For each row in (cell, channel) order, its row in (channel, cell) order. */
function toCellByCell(cells: number, channels: number): Uint32Array {
  return Uint32Array.from(
    { length: cells * channels },
    (_, row) => (row % channels) * cells + Math.floor(row / channels),
  )
}

function toChannelByChannel(cells: number, channels: number): Uint32Array {
  return toCellByCell(channels, cells)
}

function pickRows({ shape, data }: NamedTensor, rows: Uint32Array): NamedTensor {
  const width = shape[1] ?? 0
  const picked = new Float32Array(data.length)
  rows.forEach((from, to) => picked.set(data.subarray(from * width, (from + 1) * width), to * width))
  return { shape, data: picked }
}

/** Rows along the first axis. */
function rowBlock({ shape, data }: NamedTensor, start: number, count: number): NamedTensor {
  const [, ...rest] = shape
  const width = rest.reduce((product, size) => product * size, 1)
  return { shape: [count, ...rest], data: data.slice(start * width, (start + count) * width) }
}

function joinRows(first: NamedTensor, second: NamedTensor): NamedTensor {
  const [rows = 0, ...rest] = first.shape
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return { shape: [rows + (second.shape[0] ?? 0), ...rest], data }
}

function map({ shape, data }: NamedTensor, change: (value: number) => number): NamedTensor {
  return { shape, data: data.map(change) }
}

/** A kernel by its axes, a dense weight transposed; whatever else there is stays for the layout to refuse. */
function reordered(tensor: NamedTensor, kernelAxes: readonly number[]): NamedTensor {
  if (tensor.shape.length === 4) return permute(tensor, kernelAxes)
  return tensor.shape.length === 2 ? transpose(tensor) : tensor
}

function transpose(tensor: NamedTensor): NamedTensor {
  return permute(tensor, [1, 0])
}

/** Axis k of the result is axis `axes[k]` of the tensor. */
function permute({ shape, data }: NamedTensor, axes: readonly number[]): NamedTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const permuted = axes.map((axis) => shape[axis] ?? 0)
  const values = new Float32Array(data.length)
  for (let to = 0; to < values.length; to += 1) {
    let [rest, from] = [to, 0]
    for (let position = axes.length - 1; position >= 0; position -= 1) {
      const size = permuted[position] ?? 1
      from += (rest % size) * (strides[axes[position] ?? 0] ?? 0)
      rest = Math.floor(rest / size)
    }
    values[to] = data[from] ?? 0
  }
  return { shape: permuted, data: values }
}

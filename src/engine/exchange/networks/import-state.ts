import { INPUT } from '../../graph/description.ts'
import { badModel } from '../../models/model.ts'
import { readSafetensors, type NamedTensor } from '../safetensors.ts'
import { transposed } from './constants.ts'
import { finishNetwork } from './finish-network.ts'
import { GraphBuilder } from './graph-builder.ts'
import type { ImportedNetwork } from './imported-network.ts'
import { parseMapping, type MappedLayer } from './layer-mapping.ts'
import { inputOf, type InputWishes } from './network-input.ts'
import { recur } from './state-recurrent.ts'
import { StateTensors } from './state-tensors.ts'

/**
 * Compiles the weights of a chain of PyTorch layers, a state dictionary saved as safetensors, to a graph.
 *
 * @param mapping JSON that says which layers they belong to
 * @throws HeatproofError `bad_file`, `bad_model` naming the layer or the tensor, `bad_values`
 */
export function importState(
  bytes: Uint8Array,
  source: string,
  mapping: string,
  wishes: InputWishes,
): ImportedNetwork {
  const { input: shape, layers } = parseMapping(mapping, `the mapping of ${source}`)
  const { tensors } = readSafetensors(bytes, source)
  const { size, input } = inputOf(shape, wishes, 'first', `the input of ${source}`)
  const builder = new GraphBuilder(input)
  const state = new StateTensors(builder, tensors)
  let value = INPUT
  for (const [index, layer] of layers.entries()) {
    builder.where = `layer ${index + 1} (${layer.layer}) of ${source}`
    value = writeLayer(
      builder,
      state,
      layer,
      value,
      'name' in layer ? layer.name : `${layer.layer} ${index + 1}`,
    )
  }
  const unused = [...tensors.keys()].find((name) => !state.used.has(name))
  if (unused !== undefined) {
    throw badModel(
      `the tensor '${unused}' in ${source}, which no layer of the mapping reads`,
      'a layer for each',
    )
  }
  return finishNetwork(builder, value, { size, tool: '', format: 'PyTorch state dictionary', leftOut: [] })
}

function writeLayer(
  builder: GraphBuilder,
  state: StateTensors,
  layer: MappedLayer,
  input: string,
  wish: string,
): string {
  const activation = (name: 'relu' | 'leaky_relu' | 'elu' | 'sigmoid' | 'tanh', alpha?: number) =>
    builder.add(
      { operation: 'activation', function: name, input, ...(alpha !== undefined && { alpha }) },
      wish,
    )
  switch (layer.layer) {
    case 'ReLU':
      return activation('relu')
    case 'LeakyReLU':
      return activation('leaky_relu', layer.slope)
    case 'ELU':
      return activation('elu', layer.alpha)
    case 'Sigmoid':
      return activation('sigmoid')
    case 'Tanh':
      return activation('tanh')
    case 'Flatten': {
      const values = builder.shape(input).reduce((product, size) => product * size, 1)
      return builder.add({ operation: 'reshape', input, shape: [values] }, wish)
    }
    case 'Permute': {
      const [batch, ...axes] = layer.dims
      if (batch !== 0) throw builder.refuse('axes that move the batch', '0, the batch, as the first axis')
      return builder.add({ operation: 'transpose', input, permutation: axes.map((axis) => axis - 1) }, wish)
    }
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return recur(builder, state, layer, input)
    case 'Linear': {
      const weight = turned(state.tensor(`${layer.name}.weight`, 2), [1, 0])
      const name = builder.tensor(`${layer.name}.weight`, weight)
      return builder.linear(
        [{ kind: 'dense', input, weight: name }],
        wish,
        biasOf(builder, state, layer.name, 1),
      )
    }
    case 'Conv2d': {
      const weight = builder.tensor(
        `${layer.name}.weight`,
        turned(state.tensor(`${layer.name}.weight`, 4), [2, 3, 1, 0]),
      )
      const { stride: strides, dilation: dilations } = layer
      const term = { kind: 'convolution', input, weight, strides, dilations, channels: 'first' } as const
      return builder.linear(
        [{ ...term, padding: bothEnds(layer.padding) }],
        wish,
        biasOf(builder, state, layer.name, 3),
      )
    }
    case 'BatchNorm':
      return normalise(builder, state, layer, input, wish)
    case 'MaxPool2d':
    case 'AvgPool2d': {
      const window = layer.size
      const windows = {
        window,
        strides: layer.stride ?? window,
        padding: bothEnds(layer.padding),
        channels: 'first',
      } as const
      if (layer.layer === 'MaxPool2d') return builder.add({ operation: 'max_pool', input, ...windows }, wish)
      return builder.linear([{ kind: 'average', input, countsPadding: true, ...windows }], wish)
    }
  }
}

function normalise(
  builder: GraphBuilder,
  state: StateTensors,
  { name, eps }: Extract<MappedLayer, { layer: 'BatchNorm' }>,
  input: string,
  wish: string,
): string {
  const [mean, variance] = [state.tensor(`${name}.running_mean`, 1), state.tensor(`${name}.running_var`, 1)]
  const [scale, bias] = [state.optional(`${name}.weight`), state.optional(`${name}.bias`)]
  const factors = variance.data.map((value, unit) => (scale?.data[unit] ?? 1) / Math.sqrt(value + eps))
  const shifts = factors.map((factor, unit) => (bias?.data[unit] ?? 0) - (mean.data[unit] ?? NaN) * factor)
  const shape = [
    factors.length,
    ...builder
      .shape(input)
      .slice(1)
      .map(() => 1),
  ]
  const weight = builder.tensor(`${name}.weight`, { shape, data: factors })
  const added = builder.tensor(`${name}.bias`, { shape, data: shifts })
  return builder.linear([{ kind: 'scale', input, weight }], wish, added)
}

/** The name of a layer's bias, if it has one, as the first of so many axes. */
function biasOf(builder: GraphBuilder, state: StateTensors, name: string, axes: number): string | undefined {
  const bias = state.optional(`${name}.bias`)
  if (bias === undefined) return undefined
  const shape = [bias.data.length, ...Array<number>(axes - 1).fill(1)]
  return builder.tensor(`${name}.bias`, { shape, data: bias.data })
}

function turned({ shape, data }: NamedTensor, permutation: readonly number[]): NamedTensor {
  const value = transposed({ shape, data: Array.from(data) }, permutation)
  return { shape: [...value.shape], data: Float32Array.from(value.data) }
}

function bothEnds([down, across]: readonly [number, number]): [number, number, number, number] {
  return [down, across, down, across]
}

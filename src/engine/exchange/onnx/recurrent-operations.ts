import { product } from '../../graph/shapes.ts'
import { reshaped, taken, transposed, type Constant } from '../networks/constants.ts'
import type { CellFunction, CellKind } from '../networks/recurrent-cells.ts'
import type { Part, RecurrentWeights } from '../networks/recurrent-weights.ts'
import { joinSteps, unroll, type RecurrentDirection, type Unrolled } from '../networks/unroll.ts'
import { nodeName } from './onnx-graph.ts'
import { signal, type OnnxNode, type OnnxSignal } from './onnx-node.ts'

/** The blocks of the weights of each operation in ONNX's order. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  LSTM: ['i', 'o', 'f', 'g'],
  GRU: ['z', 'r', 'g'],
  RNN: ['g'],
}
const FUNCTIONS: Readonly<Record<string, CellFunction>> = { tanh: 'tanh', relu: 'relu', affine: 'linear' }

/**
 * LSTM, GRU and RNN, unrolled over the steps of the input.
 *
 * @returns Y, Y_h and Y_c; undefined for what the node does not give
 * @throws HeatproofError `bad_model` naming the node and the attribute or input that has no such meaning here
 */
export function recurrent(node: OnnxNode): (OnnxSignal | undefined)[] {
  requirePlain(node)
  const batchFirst = node.whole('layout', 0) === 1
  const input = inputOf(node, batchFirst)
  const directions = directionsOf(node).map((direction) => unroll(node.builder, input, direction))
  const writers = [
    (wish: string) => signal(allSteps(node, directions, wish), batchFirst ? 0 : 2),
    (wish: string) => signal(lastStates(node, directions, 'h', wish), batchFirst ? 0 : 1),
    (wish: string) => signal(lastStates(node, directions, 'c', wish), batchFirst ? 0 : 1),
  ]
  return node.message.outputs.map((wish, index) => (wish === '' ? undefined : writers[index]?.(wish)))
}

/** Refuses what changes the arithmetic of a step in ways that an unrolled one has not. */
function requirePlain(node: OnnxNode): void {
  if (node.has('clip')) throw node.refuse('the attribute clip', 'a cell without')
  if (node.whole('input_forget', 0) !== 0) {
    throw node.refuse('input_forget = 1', 'input_forget = 0: gates of their own to take in and to forget')
  }
  if (node.optional(7)?.data.some((value) => value !== 0)) {
    throw node.refuse('peepholes (the input P)', 'gates that read the input and the output alone')
  }
}

/** The name of the sequence, [steps, inputs] in the graph. */
function inputOf(node: OnnxNode, batchFirst: boolean): string {
  const { name, batch } = node.turnable(0)
  const shape = node.builder.shape(name)
  if (shape.length !== 2 || batch !== (batchFirst ? 0 : 1)) {
    const found = node.shapeWithBatch(0).map((size) => (Number.isNaN(size) ? 'batch' : size))
    throw node.refuse(
      `a sequence [${found.join(', ')}] for layout = ${batchFirst ? 1 : 0}`,
      batchFirst ? '[batch, steps, inputs]' : '[steps, batch, inputs]',
      'In PyTorch, give the layer batch_first=True if the batch is the first axis of its input.',
    )
  }
  const [steps = 0] = shape
  const other = node.optional(4)?.data.find((length) => length !== steps)
  if (other !== undefined) {
    throw node.refuse(`a sequence of ${other} steps (sequence_lens)`, `all ${steps} steps of the input`)
  }
  return name
}

function directionsOf(node: OnnxNode): RecurrentDirection[] {
  const { operation } = node.message
  const direction = node.text('direction') ?? 'forward'
  const reversed = { forward: [false], reverse: [true], bidirectional: [false, true] }[direction]
  if (reversed === undefined) {
    throw node.refuse(`the direction '${direction}'`, 'forward, reverse or bidirectional')
  }
  const parts = PARTS[operation] ?? []
  const [W, R] = [node.constant(1), node.constant(2)]
  const units = node.whole('hidden_size', R.shape[2] ?? 0)
  const sizes = [reversed.length, units * parts.length] as const
  requireShape(node, 'the input W', W, [...sizes, W.shape[2] ?? 0])
  requireShape(node, 'the input R', R, [...sizes, units])
  const B = node.optional(3)
  if (B !== undefined) requireShape(node, 'the input B', B, [sizes[0], 2 * sizes[1]])
  const [h, c] = [initialOf(node, 5, sizes[0], units), initialOf(node, 6, sizes[0], units)]
  return reversed.map((isReversed, at) => ({
    name: `${nodeName(node.message)}${at > 0 ? ' reverse' : ''}`,
    cell: cellOf(node, at, reversed.length),
    weights: weightsOf({ parts, units }, at, W, R, B),
    isReversed,
    initial: { h: h?.slice(at * units, (at + 1) * units), c: c?.slice(at * units, (at + 1) * units) },
  }))
}

function requireShape(node: OnnxNode, what: string, { shape }: Constant, expected: readonly number[]): void {
  if (shape.join() === expected.join() && !shape.includes(0)) return
  throw node.refuse(`${what} of shape [${shape.join(', ')}]`, `[${expected.join(', ')}]`)
}

/** [directions, blocks * units, values] of one direction, as columns. */
function weightsOf(
  sizes: Pick<RecurrentWeights, 'parts' | 'units'>,
  direction: number,
  W: Constant,
  R: Constant,
  B: Constant | undefined,
): RecurrentWeights {
  const of = (value: Constant) => reshaped(taken(value, 0, [direction]), value.shape.slice(1))
  const columns = sizes.parts.length * sizes.units
  const half = (first: number) =>
    B &&
    taken(
      of(B),
      0,
      Array.from({ length: columns }, (_, index) => first + index),
    )
  return {
    ...sizes,
    input: transposed(of(W), [1, 0]),
    state: transposed(of(R), [1, 0]),
    inputBias: half(0),
    stateBias: half(columns),
  }
}

/** What the state begins with, direction by direction, the same for every sample; undefined for zeros. */
function initialOf(
  node: OnnxNode,
  index: number,
  directions: number,
  units: number,
): readonly number[] | undefined {
  const value = node.optional(index)
  if (value === undefined) return undefined
  if (value.shape.at(-1) === units && product(value.shape) === directions * units) return value.data
  throw node.refuse(
    `an initial state of shape [${value.shape.join(', ')}]`,
    `${directions} x ${units} values, the same ones for every sample`,
  )
}

function cellOf(node: OnnxNode, direction: number, directions: number): CellKind {
  const { operation } = node.message
  const gates = operation === 'RNN' ? 0 : 1
  const count = operation === 'LSTM' ? 3 : gates + 1
  const usual = [...Array<string>(gates).fill('Sigmoid'), ...Array<string>(count - gates).fill('Tanh')]
  const given = node.texts('activations') ?? []
  const all = given.length > 0 ? given : Array.from({ length: directions }, () => usual).flat()
  const own = all.slice(direction * count, (direction + 1) * count).map((name) => name.toLowerCase())
  const functions = own.slice(gates).map((name) => FUNCTIONS[name])
  const isPlainAffine =
    node.floats('activation_alpha').every((value) => value === 1) &&
    node.floats('activation_beta').every((value) => value === 0)
  const isKnown =
    all.length === count * directions &&
    own.slice(0, gates).every((name) => name === 'sigmoid') &&
    functions.every((name) => name !== undefined && (name !== 'linear' || isPlainAffine))
  const [candidate, output = 'linear'] = functions
  if (!isKnown || candidate === undefined) {
    throw node.refuse(
      `the activations ${all.join(', ')}`,
      `${directions} x ${count}: Sigmoid for gates, else Tanh, Relu, or Affine with alpha 1 and beta 0`,
    )
  }
  if (operation === 'LSTM') return { kind: 'lstm', candidate, output }
  if (operation === 'RNN') return { kind: 'plain', candidate }
  return { kind: 'gru', candidate, resetsAfter: node.whole('linear_before_reset', 0) !== 0 }
}

/** Y: [steps, directions, units] in the graph. */
function allSteps(node: OnnxNode, directions: readonly Unrolled[], wish: string): string {
  const rows = directions.map(({ outputs }) => {
    const input = joinSteps(node.builder, outputs, `${wish} steps`)
    const [steps = 0, units = 0] = node.builder.shape(input)
    return node.builder.add({ operation: 'reshape', input, shape: [steps, 1, units] }, `${wish} direction`)
  })
  return node.builder.add({ operation: 'concat', inputs: rows, axis: 1 }, wish)
}

/** Y_h and Y_c: [directions, units] in the graph. */
function lastStates(node: OnnxNode, directions: readonly Unrolled[], state: 'h' | 'c', wish: string): string {
  const inputs = directions.map(({ last }) => last[state] ?? '')
  return node.builder.add({ operation: 'concat', inputs, axis: 0 }, wish)
}

import { product } from '../../graph/shapes.ts'
import type { ACTIVATIONS } from '../../graph/description.ts'
import { reshaped, scalar, sizes } from '../networks/constants.ts'
import {
  BATCH_FIRST,
  dense,
  gemm,
  keep,
  matrixOf,
  multiply,
  normalise,
  reciprocal,
  scaled,
  sum,
  total,
} from './arithmetic-operations.ts'
import { placesOf, splitSizes, squeezed, unsqueezed } from './constant-operations.ts'
import { constant, signal, type OnnxNode, type OnnxValue } from './onnx-node.ts'
import { averagePool, convolve, globalPool, maxPool, meanOf, padInput } from './window-operations.ts'

type Operation = (node: OnnxNode) => OnnxValue | readonly OnnxValue[]

/** What every operation of ONNX that depends on the image becomes. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Identity: (node) => signal(node.signal(0)),
  Dropout: (node) => signal(node.signal(0)),
  Cast: (node) => signal(node.signal(0)),
  Conv: (node) => signal(convolve(node)),
  Pad: (node) => signal(padInput(node)),
  MaxPool: (node) => signal(maxPool(node)),
  AveragePool: (node) => signal(averagePool(node)),
  GlobalAveragePool: (node) => signal(globalPool(node, 'average')),
  GlobalMaxPool: (node) => signal(globalPool(node, 'max')),
  ReduceMean: (node) => signal(meanOf(node)),
  Gemm: (node) => signal(gemm(node)),
  MatMul: (node) => signal(dense(node, 0, matrixOf(node, node.constant(1)))),
  Add: (node) => signal(sum(node, 1)),
  Sub: (node) => signal(sum(node, -1)),
  Sum: (node) => signal(total(node)),
  Mul: (node) => multiply(node),
  Div: (node) => signal(scaled(node, node.signal(0), reciprocal(node.constant(1)))),
  Neg: (node) => signal(scaled(node, node.signal(0), scalar(-1))),
  BatchNormalization: (node) => signal(normalise(node)),
  Relu: (node) => activation(node, 'relu'),
  LeakyRelu: (node) => activation(node, 'leaky_relu', node.float('alpha', 0.01)),
  Elu: (node) => activation(node, 'elu', node.float('alpha', 1)),
  Softplus: (node) => activation(node, 'softplus'),
  Sigmoid: (node) => activation(node, 'sigmoid'),
  Tanh: (node) => activation(node, 'tanh'),
  Clip: (node) => clip(node),
  Reshape: (node) => signal(reshape(node, targetShape(node))),
  Flatten: (node) => {
    if (node.whole('axis', 1) !== 1)
      throw node.refuse('another axis than 1', 'the batch alone before the axis')
    return signal(reshape(node, [product(shapeOf(node, 0))]))
  },
  Squeeze: (node) => {
    const [, ...shape] = squeezed([NaN, ...shapeOf(node, 0)], node.wholesOr('axes', 1))
    return signal(reshape(node, shape))
  },
  Unsqueeze: (node) => {
    const [batch, ...shape] = unsqueezed([NaN, ...shapeOf(node, 0)], node.wholesOr('axes', 1) ?? [])
    if (!Number.isNaN(batch)) throw node.refuse('a new axis before the batch', 'the batch as the first axis')
    return signal(reshape(node, shape))
  },
  Transpose: (node) => {
    const [first, ...permutation] = node.wholes('perm') ?? []
    if (first !== 0) throw node.refuse('axes that move the batch', 'the batch as the first axis', BATCH_FIRST)
    const axes = permutation.map((axis) => axis - 1)
    return signal(
      node.builder.add({ operation: 'transpose', input: node.signal(0), permutation: axes }, node.output),
    )
  },
  Slice: (node) => signal(slices(node)),
  Split: (node) => {
    const axis = node.axis(node.whole('axis', 0), shapeOf(node, 0).length + 1)
    let start = 0
    return splitSizes(node, shapeOf(node, 0)[axis] ?? 0).map((count, index) => {
      const wish = node.message.outputs[index] ?? node.output
      const part = { operation: 'slice', input: node.signal(0), axis, start, count, stride: 1 } as const
      start += count
      return signal(node.builder.add(part, wish))
    })
  },
  Gather: (node) => signal(gather(node)),
  Concat: (node) => signal(concat(node)),
  Shape: (node) => constant(sizes([NaN, ...shapeOf(node, 0)])),
}

/** The names of all operations that an import knows. */
export const ONNX_OPERATIONS = Object.keys(OPERATIONS).toSorted()

/** Writes a node that depends on the image into the graph. @throws HeatproofError `bad_model` naming the node */
export function writeOperation(node: OnnxNode): readonly OnnxValue[] {
  const operation = OPERATIONS[node.message.operation]
  if (operation === undefined) {
    throw node.refuse(`the operation '${node.message.operation}'`, `one of ${ONNX_OPERATIONS.join(', ')}`)
  }
  const made = operation(node)
  return 'kind' in made ? [made] : made
}

function shapeOf(node: OnnxNode, input: number): readonly number[] {
  return node.builder.shape(node.signal(input))
}

function activation(node: OnnxNode, name: (typeof ACTIVATIONS)[number], alpha?: number): OnnxValue {
  const input = node.signal(0)
  const parameters = alpha === undefined ? {} : { alpha }
  return signal(
    node.builder.add({ operation: 'activation', function: name, input, ...parameters }, node.output),
  )
}

function clip(node: OnnxNode): OnnxValue {
  const low = node.optional(1)?.data[0] ?? node.float('min', -3.4e38)
  const high = node.optional(2)?.data[0] ?? node.float('max', 3.4e38)
  const input = node.signal(0)
  return signal(
    node.builder.add({ operation: 'activation', function: 'clip', input, range: [low, high] }, node.output),
  )
}

function reshape(node: OnnxNode, shape: readonly number[]): string {
  return node.builder.add({ operation: 'reshape', input: node.signal(0), shape: [...shape] }, node.output)
}

/** What a Reshape asks for, without the batch's axis. */
function targetShape(node: OnnxNode): number[] {
  const from = [NaN, ...shapeOf(node, 0)]
  const wanted = node.constant(1).data.map((size, axis) => (size === 0 ? (from[axis] ?? NaN) : size))
  const [batch = NaN, ...rest] = wanted
  const values = product(shapeOf(node, 0))
  const known = product(rest.filter((size) => size !== -1))
  const shape = rest.map((size) => (size === -1 ? values / known : size))
  const isBatch = Number.isNaN(batch) || batch === -1 || batch === 1
  if (isBatch && shape.every(Number.isInteger) && product(shape) === values) return shape
  throw node.refuse(
    `a reshape to [${node.constant(1).data.join(', ')}] of a value [batch, ${shapeOf(node, 0).join(', ')}]`,
    'a shape that keeps the batch as the first axis and is known before the network runs',
    BATCH_FIRST,
  )
}

function slices(node: OnnxNode): string {
  const starts = node.wholesOr('starts', 1) ?? []
  const ends = node.wholesOr('ends', 2) ?? []
  const axes = node.wholesOr('axes', 3) ?? starts.map((_, index) => index)
  const steps = node.optional(4)?.data ?? []
  let input = node.signal(0)
  for (const [index, at] of axes.entries()) {
    const shape = node.builder.shape(input)
    const [start, end, step] = [starts[index] ?? 0, ends[index] ?? Infinity, steps[index] ?? 1]
    if (at === 0 && start === 0 && end > 1e9 && step === 1) continue
    const axis = node.axis(at, shape.length + 1)
    const places = placesOf(shape[axis] ?? 0, start, end, step)
    const [low, high] = [Math.min(...places), Math.max(...places)]
    if (places.length === 0) throw node.refuse('a slice that takes nothing', 'some entries')
    if (low !== 0 || high - low + 1 !== places.length || places.length !== shape[axis]) {
      input = node.builder.add(
        { operation: 'slice', input, axis, start: low, count: places.length, stride: Math.abs(step) },
        node.output,
      )
    }
    if (step < 0) input = node.builder.add({ operation: 'reverse', input, axis }, node.output)
  }
  return input
}

/** Some entries of an axis; a single one, given as a number and no list, takes the axis away. */
function gather(node: OnnxNode): string {
  const { builder } = node
  const shape = shapeOf(node, 0)
  const axis = node.axis(node.whole('axis', 0), shape.length + 1)
  const size = shape[axis] ?? 0
  const places = node.constant(1)
  const parts = places.data.map((place) =>
    builder.add(
      {
        operation: 'slice',
        input: node.signal(0),
        axis,
        start: place < 0 ? place + size : place,
        count: 1,
        stride: 1,
      },
      node.output,
    ),
  )
  const [first = ''] = parts
  if (parts.length > 1) return builder.add({ operation: 'concat', inputs: parts, axis }, node.output)
  const whole = [...shape.slice(0, axis), ...places.shape, ...shape.slice(axis + 1)]
  return builder.add({ operation: 'reshape', input: first, shape: whole }, node.output)
}

function concat(node: OnnxNode): string {
  const found = node.inputs.find((input) => input?.kind === 'signal')
  const rank = found?.kind === 'signal' ? node.builder.shape(found.name).length : 0
  const axis = node.axis(node.whole('axis', 0), rank + 1)
  const inputs = node.inputs.map((input, index) => {
    if (input?.kind === 'signal') return input.name
    const value = node.constant(index)
    const tensor = keep(node, reshaped(value, value.shape.slice(1)), index)
    return node.builder.add({ operation: 'constant', tensor }, `${node.output} constant`)
  })
  return node.builder.add({ operation: 'concat', inputs, axis }, node.output)
}

import { product } from '../../graph/shapes.ts'
import {
  broadcastShape,
  combined,
  joined,
  requireHoldable,
  reshaped,
  scalar,
  sizes,
  stretched,
  taken,
  transposed,
  type Constant,
} from '../networks/constants.ts'
import type { OnnxNode } from './onnx-node.ts'

type Fold = (node: OnnxNode) => Constant | readonly Constant[]

/** Operations on values that do not depend on the image: the arithmetic of shapes, and states that start as zeros. */
const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: (node) => node.constant(0),
  Cast: (node) => {
    const value = node.constant(0)
    const isWhole = [6, 7].includes(node.whole('to', 1))
    return { ...value, data: isWhole ? value.data.map(Math.trunc) : value.data, isWhole }
  },
  Shape: (node) => partOf(node, sizes(node.constant(0).shape)),
  ConstantOfShape: (node) => {
    const shape = batchOne(node.constant(0).data)
    requireHoldable(shape)
    const filler = node.message.attributes.find(({ name }) => name === 'value')?.tensor
    const [value = 0] = [
      ...(filler?.floats ?? []),
      ...(filler?.wholes ?? []),
      ...rawValues(filler?.raw, filler?.type),
    ]
    return { shape, data: Array<number>(product(shape)).fill(value) }
  },
  Gather: (node) => {
    const [value, places] = [node.constant(0), node.constant(1)]
    const axis = wrapped(node.whole('axis', 0), value.shape.length)
    const size = value.shape[axis] ?? 0
    const found = taken(
      value,
      axis,
      places.data.map((place) => wrapped(place, size)),
    )
    return reshaped(found, [...value.shape.slice(0, axis), ...places.shape, ...value.shape.slice(axis + 1)])
  },
  Slice: (node) => {
    let value = node.constant(0)
    const starts = node.wholesOr('starts', 1) ?? []
    const ends = node.wholesOr('ends', 2) ?? []
    const axes = node.wholesOr('axes', 3) ?? starts.map((_, index) => index)
    const steps = node.optional(4)?.data ?? []
    for (const [index, at] of axes.entries()) {
      const axis = wrapped(at, value.shape.length)
      value = taken(value, axis, placesOf(value.shape[axis] ?? 0, starts[index], ends[index], steps[index]))
    }
    return value
  },
  Concat: (node) => {
    const parts = node.inputs.map((_, index) => node.constant(index))
    return joined(parts, wrapped(node.whole('axis', 0), parts[0]?.shape.length ?? 1))
  },
  Unsqueeze: (node) => {
    const value = node.constant(0)
    const axes = node.wholesOr('axes', 1) ?? []
    return reshaped(value, unsqueezed(value.shape, axes))
  },
  Squeeze: (node) => {
    const value = node.constant(0)
    return reshaped(value, squeezed(value.shape, node.wholesOr('axes', 1)))
  },
  Reshape: (node) => {
    const value = node.constant(0)
    const wanted = batchOne(node.constant(1).data).map((size, axis) =>
      size === 0 ? (value.shape[axis] ?? 1) : size,
    )
    const open = product(value.shape) / Math.abs(product(wanted))
    return reshaped(
      value,
      wanted.map((size) => (size === -1 ? open : size)),
    )
  },
  Transpose: (node) => {
    const value = node.constant(0)
    return transposed(
      value,
      node.wholes('perm') ?? value.shape.map((_, axis) => value.shape.length - 1 - axis),
    )
  },
  Expand: (node) => {
    const value = node.constant(0)
    return stretched(value, broadcastShape(value.shape, batchOne(node.constant(1).data)))
  },
  Split: (node) => {
    const value = node.constant(0)
    const axis = wrapped(node.whole('axis', 0), value.shape.length)
    const sizes = splitSizes(node, value.shape[axis] ?? 0)
    let first = 0
    return sizes.map((size) => {
      const part = taken(value, axis, range(first, size))
      first += size
      return part
    })
  },
  Add: (node) => combined(node.constant(0), node.constant(1), (a, b) => a + b),
  Sub: (node) => combined(node.constant(0), node.constant(1), (a, b) => a - b),
  Mul: (node) => combined(node.constant(0), node.constant(1), (a, b) => a * b),
  Div: (node) => {
    const ratio = combined(node.constant(0), node.constant(1), (a, b) => a / b)
    return ratio.isWhole === true ? mapped(ratio, Math.trunc) : ratio
  },
  Equal: (node) => combined(node.constant(0), node.constant(1), (a, b) => Number(a === b)),
  Where: (node) => {
    const [test, yes, no] = [node.constant(0), node.constant(1), node.constant(2)]
    const shape = broadcastShape(test.shape, broadcastShape(yes.shape, no.shape))
    const [tests, yeses, noes] = [stretched(test, shape), stretched(yes, shape), stretched(no, shape)]
    return {
      shape,
      data: tests.data.map((value, index) => (value !== 0 ? yeses : noes).data[index] ?? NaN),
    }
  },
  ReduceProd: (node) => scalar(product(node.constant(0).data)),
  Neg: (node) => mapped(node.constant(0), (value) => -value),
  Sqrt: (node) => mapped(node.constant(0), Math.sqrt),
  Tanh: (node) => mapped(node.constant(0), Math.tanh),
  Relu: (node) => mapped(node.constant(0), (value) => Math.max(0, value)),
  Sigmoid: (node) => mapped(node.constant(0), (value) => 1 / (1 + Math.exp(-value))),
  MatMul: (node) => multiplied(node, node.constant(0), node.constant(1)),
  Gemm: (node) => {
    const matrix = node.constant(1)
    const turned = node.whole('transB', 0) === 1 ? transposed(matrix, [1, 0]) : matrix
    const value = mapped(multiplied(node, node.constant(0), turned), (each) => each * node.float('alpha', 1))
    const bias = node.optional(2)
    if (bias === undefined) return value
    return combined(value, bias, (a, b) => a + b * node.float('beta', 1))
  },
}

/** The operation's values where none of its inputs depends on the image; undefined where it has no such meaning here. */
export function foldConstants(node: OnnxNode): readonly Constant[] | undefined {
  const found = FOLDS[node.message.operation]?.(node)
  return found === undefined ? undefined : 'data' in found ? [found] : found
}

function mapped(value: Constant, by: (value: number) => number): Constant {
  return { ...value, data: value.data.map((each) => by(each)) }
}

function multiplied(node: OnnxNode, left: Constant, right: Constant): Constant {
  const [inputs = 0, units = 0] = right.shape
  if (right.shape.length !== 2 || left.shape.at(-1) !== inputs) {
    throw node.refuse(
      `a product of constants of shapes [${left.shape.join(', ')}] and [${right.shape.join(', ')}]`,
      'rows by a matrix',
    )
  }
  const rows = left.data.length / inputs
  const data = Array.from({ length: rows * units }, (_, index) => {
    const [row, unit] = [Math.floor(index / units), index % units]
    let sum = 0
    for (let k = 0; k < inputs; k += 1)
      sum += (left.data[row * inputs + k] ?? NaN) * (right.data[k * units + unit] ?? NaN)
    return sum
  })
  return { shape: [...left.shape.slice(0, -1), units], data }
}

/** A constant is the same for every sample: the batch's axis is one entry of it. */
function batchOne(shape: readonly number[]): number[] {
  return shape.map((size) => (Number.isNaN(size) ? 1 : size))
}

/** The part of a shape that a Shape asks for with `start` and `end`. */
export function partOf(node: OnnxNode, shape: Constant): Constant {
  const { length } = shape.data
  return taken(shape, 0, placesOf(length, node.whole('start', 0), node.whole('end', length)))
}

/** The places that a slice takes of an axis. */
export function placesOf(size: number, start = 0, end: number = Infinity, step = 1): number[] {
  const clamp = (at: number, least: number, most: number) =>
    Math.min(most, Math.max(least, at < 0 ? at + size : at))
  const places: number[] = []
  if (step > 0) {
    for (let at = clamp(start, 0, size); at < clamp(end, 0, size); at += step) places.push(at)
  } else if (step < 0) {
    for (let at = clamp(start, 0, size - 1); at > clamp(end, -1, size - 1); at += step) places.push(at)
  }
  return places
}

export function splitSizes(node: OnnxNode, size: number): readonly number[] {
  const given = node.wholesOr('split', 1)
  if (given !== undefined) return given
  const parts = node.whole('num_outputs', node.message.outputs.length)
  const each = Math.ceil(size / parts)
  return Array.from({ length: parts }, (_, index) => Math.min(each, size - index * each))
}

export function unsqueezed(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length
  const places = new Set(axes.map((axis) => wrapped(axis, rank)))
  const rest = [...shape]
  return Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 1 : (rest.shift() ?? 1)))
}

export function squeezed(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const places = axes?.map((axis) => wrapped(axis, shape.length))
  return shape.filter((size, axis) => (places === undefined ? size !== 1 : !places.includes(axis)))
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

function wrapped(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

function rawValues(raw: Uint8Array | undefined, type = 1): number[] {
  if (raw === undefined) return []
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  if (type === 7) return [Number(view.getBigInt64(0, true))]
  return [type === 6 ? view.getInt32(0, true) : view.getFloat32(0, true)]
}

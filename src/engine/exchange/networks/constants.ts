import { printShape, product } from '../../graph/shapes.ts'
import { badModel } from '../../models/model.ts'

/** A value that does not depend on the image, in row-major order. NaN stands for the size of the batch in a shape. */
export interface Constant {
  readonly shape: readonly number[]
  readonly data: readonly number[]
  /** Whether these are whole numbers, which divide without a rest. */
  readonly isWhole?: boolean
}

/** The most numbers of a constant that is made while a network is read; weights come whole from the file. */
const MOST = 2 ** 24

/** Throws `bad_model` for a shape that claims more numbers than any network needs, before they are made. */
export function requireHoldable(shape: readonly number[]): void {
  const count = product(shape)
  if (count <= MOST && shape.every((size) => Number.isInteger(size) && size >= 0)) return
  throw badModel(`a constant of shape ${printShape(shape)}`, `sizes of at most ${MOST} numbers`)
}

export const scalar = (value: number): Constant => ({ shape: [], data: [value] })
export const vector = (data: readonly number[]): Constant => ({ shape: [data.length], data })
/** A shape, or a part of one. */
export const sizes = (data: readonly number[]): Constant => ({ ...vector(data), isWhole: true })

/** The offset of every entry of `shape` in a value with these strides. */
function offsets(shape: readonly number[], strides: readonly number[], start = 0): number[] {
  return shape.reduce<number[]>(
    (found, size, axis) =>
      found.flatMap((offset) =>
        Array.from({ length: size }, (_, index) => offset + index * (strides[axis] ?? 0)),
      ),
    [start],
  )
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => product(shape.slice(axis + 1)))
}

export function reshaped(value: Constant, shape: readonly number[]): Constant {
  return { ...value, shape }
}

export function transposed(value: Constant, permutation: readonly number[]): Constant {
  const { shape, data } = value
  const strides = stridesOf(shape)
  const turned = permutation.map((axis) => shape[axis] ?? 1)
  const at = offsets(
    turned,
    permutation.map((axis) => strides[axis] ?? 0),
  )
  return { ...value, shape: turned, data: at.map((offset) => data[offset] ?? NaN) }
}

/** Entries of one axis, by their places. */
export function taken(value: Constant, axis: number, places: readonly number[]): Constant {
  const { shape, data } = value
  const strides = stridesOf(shape)
  const stride = strides[axis] ?? 0
  const before = offsets(shape.slice(0, axis), strides.slice(0, axis))
  const after = offsets(shape.slice(axis + 1), strides.slice(axis + 1))
  const found = before.flatMap((first) =>
    places.flatMap((place) => after.map((last) => data[first + place * stride + last] ?? NaN)),
  )
  return { ...value, shape: shape.with(axis, places.length), data: found }
}

export function joined(parts: readonly Constant[], axis: number): Constant {
  const [first] = parts
  if (first === undefined) return vector([])
  const before = product(first.shape.slice(0, axis))
  const runs = parts.map(({ shape }) => product(shape.slice(axis)))
  const data = Array.from({ length: before }, (_, row) =>
    parts.flatMap((part, index) => part.data.slice(row * (runs[index] ?? 0), (row + 1) * (runs[index] ?? 0))),
  ).flat()
  const size = parts.reduce((total, { shape }) => total + (shape[axis] ?? 0), 0)
  return { ...first, shape: first.shape.with(axis, size), data }
}

/** The shape of two values of which axes of length 1 are stretched. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  const [left, right] = [a, b].map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  return (left ?? []).map((size, axis) => (size === 1 ? (right?.[axis] ?? 1) : size))
}

/** A value stretched to a shape. */
export function stretched(value: Constant, to: readonly number[]): Constant {
  requireHoldable(to)
  const { shape, data } = value
  const own = [...Array<number>(Math.max(0, to.length - shape.length)).fill(1), ...shape]
  const strides = stridesOf(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride))
  return { ...value, shape: to, data: offsets(to, strides).map((offset) => data[offset] ?? NaN) }
}

export function combined(a: Constant, b: Constant, by: (a: number, b: number) => number): Constant {
  const shape = broadcastShape(a.shape, b.shape)
  const [left, right] = [stretched(a, shape), stretched(b, shape)]
  const isWhole = (a.isWhole ?? false) && (b.isWhole ?? false)
  return { shape, data: left.data.map((value, index) => by(value, right.data[index] ?? NaN)), isWhole }
}

import { product } from '../../graph/shapes.ts'
import { reshaped, sizes } from '../networks/constants.ts'
import { keep } from './arithmetic-operations.ts'
import { partOf, placesOf, splitSizes, squeezed, unsqueezed } from './constant-operations.ts'
import { BATCH_FIRST, constant, signal, type OnnxNode, type OnnxSignal, type OnnxValue } from './onnx-node.ts'

/*
 * What only moves values about. A value of the graph has no axis for the batch, so that turning the batch to another axis moves
 * nothing there.
 */

export function shape(node: OnnxNode): OnnxValue {
  return constant(partOf(node, sizes(node.shapeWithBatch(0))))
}

export function flatten(node: OnnxNode): OnnxSignal {
  if (node.whole('axis', 1) !== 1) throw node.refuse('another axis than 1', 'the batch alone before the axis')
  return toShape(node, [NaN, product(node.builder.shape(node.signal(0)))])
}

export function squeeze(node: OnnxNode): OnnxSignal {
  return toShape(node, squeezed(node.shapeWithBatch(0), node.wholesOr('axes', 1)))
}

export function unsqueeze(node: OnnxNode): OnnxSignal {
  return toShape(node, unsqueezed(node.shapeWithBatch(0), node.wholesOr('axes', 1) ?? []))
}

/** @param whole an ONNX shape with NaN as the size of the batch */
function toShape(node: OnnxNode, whole: readonly number[]): OnnxSignal {
  const batch = whole.findIndex(Number.isNaN)
  const shape = whole.toSpliced(batch, 1)
  const { name } = node.turnable(0)
  return signal(node.builder.add({ operation: 'reshape', input: name, shape }, node.output), batch)
}

/** A Reshape that keeps the batch as an axis of its own: as much must stand before it as did. */
export function reshape(node: OnnxNode): OnnxSignal {
  const from = node.shapeWithBatch(0)
  const { name, batch } = node.turnable(0)
  const own = node.builder.shape(name)
  const wanted = node.constant(1).data.map((size, axis) => (size === 0 ? (from[axis] ?? NaN) : size))
  const isNamed = wanted.some(Number.isNaN)
  for (const [place, size] of wanted.entries()) {
    if (isNamed ? !Number.isNaN(size) : size !== -1 && size !== 1) continue
    const rest = wanted.toSpliced(place, 1)
    const open = product(own) / product(rest.filter((each) => each !== -1))
    const shape = rest.map((each) => (each === -1 ? open : each))
    const isWhole = shape.every(Number.isInteger) && product(shape) === product(own)
    if (isWhole && product(shape.slice(0, place)) === product(own.slice(0, batch))) {
      return toShape(node, shape.toSpliced(place, 0, NaN))
    }
  }
  const printed = from.map((size) => (Number.isNaN(size) ? 'batch' : size)).join(', ')
  throw node.refuse(
    `a reshape to [${node.constant(1).data.join(', ')}] of a value [${printed}]`,
    'a shape that keeps the batch as an axis and is known before the network runs',
    BATCH_FIRST,
  )
}

export function transpose(node: OnnxNode): OnnxSignal {
  const { name, batch } = node.turnable(0)
  const rank = node.builder.shape(name).length + 1
  const whole = node.wholes('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  const permutation = whole.filter((axis) => axis !== batch).map((axis) => (axis > batch ? axis - 1 : axis))
  const moved = whole.indexOf(batch)
  if (permutation.every((axis, index) => axis === index)) return signal(name, moved)
  const turned = { operation: 'transpose', input: name, permutation } as const
  return signal(node.builder.add(turned, node.output), moved)
}

export function slice(node: OnnxNode): OnnxSignal {
  const starts = node.wholesOr('starts', 1) ?? []
  const ends = node.wholesOr('ends', 2) ?? []
  const axes = node.wholesOr('axes', 3) ?? starts.map((_, index) => index)
  const steps = node.optional(4)?.data ?? []
  const { name, batch } = node.turnable(0)
  let input = name
  for (const [index, at] of axes.entries()) {
    const shape = node.builder.shape(input)
    const [start, end, step] = [starts[index] ?? 0, ends[index] ?? Infinity, steps[index] ?? 1]
    if (at === batch && start === 0 && end > 1e9 && step === 1) continue
    const axis = node.axis(at, shape.length + 1, batch)
    const places = placesOf(shape[axis] ?? 0, start, end, step)
    const [low, high] = [Math.min(...places), Math.max(...places)]
    if (places.length === 0) throw node.refuse('a slice that takes nothing', 'some entries')
    if (low !== 0 || high - low + 1 !== places.length || places.length !== shape[axis]) {
      const stride = Math.abs(step)
      const part = { operation: 'slice', input, axis, start: low, count: places.length, stride } as const
      input = node.builder.add(part, node.output)
    }
    if (step < 0) input = node.builder.add({ operation: 'reverse', input, axis }, node.output)
  }
  return signal(input, batch)
}

export function split(node: OnnxNode): OnnxSignal[] {
  const { name: input, batch } = node.turnable(0)
  const shape = node.builder.shape(input)
  const axis = node.axis(node.whole('axis', 0), shape.length + 1, batch)
  let start = 0
  return splitSizes(node, shape[axis] ?? 0).map((count, index) => {
    const wish = node.message.outputs[index] ?? node.output
    const part = { operation: 'slice', input, axis, start, count, stride: 1 } as const
    start += count
    return signal(node.builder.add(part, wish), batch)
  })
}

/** Some entries of an axis; a single one, given as a number and no list, takes the axis away. */
export function gather(node: OnnxNode): OnnxSignal {
  const { builder } = node
  const { name: input, batch } = node.turnable(0)
  const shape = builder.shape(input)
  const axis = node.axis(node.whole('axis', 0), shape.length + 1, batch)
  const size = shape[axis] ?? 0
  const places = node.constant(1)
  const parts = places.data.map((place) => {
    const start = place < 0 ? place + size : place
    return builder.add({ operation: 'slice', input, axis, start, count: 1, stride: 1 }, node.output)
  })
  const [first = ''] = parts
  if (parts.length > 1) {
    return signal(builder.add({ operation: 'concat', inputs: parts, axis }, node.output), batch)
  }
  const whole = [...shape.slice(0, axis), ...places.shape, ...shape.slice(axis + 1)]
  const taken = builder.add({ operation: 'reshape', input: first, shape: whole }, node.output)
  return signal(taken, axis < batch ? batch + places.shape.length - 1 : batch)
}

export function concat(node: OnnxNode): OnnxSignal {
  const found = node.inputs.findIndex((input) => input?.kind === 'signal')
  const { name, batch } = node.turnable(found)
  const axis = node.axis(node.whole('axis', 0), node.builder.shape(name).length + 1, batch)
  const inputs = node.inputs.map((input, index) => {
    if (input?.kind === 'signal') {
      if (input.batch === batch) return input.name
      throw node.refuse(
        'values whose batches are on different axes',
        'the batch on the same axis',
        BATCH_FIRST,
      )
    }
    const value = node.constant(index)
    const tensor = keep(node, reshaped(value, value.shape.toSpliced(batch, 1)), index)
    return node.builder.add({ operation: 'constant', tensor }, `${node.output} constant`)
  })
  return signal(node.builder.add({ operation: 'concat', inputs, axis }, node.output), batch)
}

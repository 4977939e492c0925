import { badModel } from '../models/model.ts'
import type { Rearrangement } from './description.ts'
import { printShape, product, type ValueFacts } from './shapes.ts'

/** What is known of a value whose numbers come from others as they are. @throws HeatproofError `bad_model` naming the node */
export function rearrangedFacts(
  node: Rearrangement,
  context: { readonly where: string; readonly of: (name: string) => ValueFacts },
): ValueFacts {
  const { where } = context
  const complain = (shape: readonly number[], expected: string) =>
    badModel(`a value of shape ${printShape(shape)} at ${where}`, expected)
  if (node.operation === 'concat') {
    const all = node.inputs.map(context.of)
    const [first] = all
    if (first === undefined) throw badModel(`nothing to join at ${where}`, 'values')
    const { axis } = node
    const isOther = ({ shape }: ValueFacts) =>
      shape.length !== first.shape.length ||
      shape.some((size, index) => index !== axis && size !== first.shape[index])
    const other = all.find(isOther)
    if (other !== undefined || axis >= first.shape.length) {
      throw complain((other ?? first).shape, `one like ${printShape(first.shape)} but for axis ${axis}`)
    }
    const joined = all.reduce((total, { shape }) => total + (shape[axis] ?? 0), 0)
    const same = all.every(({ box }) => box?.low === first.box?.low && box?.high === first.box?.high)
    return {
      shape: first.shape.map((size, index) => (index === axis ? joined : size)),
      box: same ? first.box : undefined,
      nonNegative: all.every(({ nonNegative }) => nonNegative),
      isGate: all.every(({ isGate }) => isGate),
    }
  }
  const input = context.of(node.input)
  const { shape } = input
  switch (node.operation) {
    case 'reshape': {
      if (product(node.shape) !== product(shape)) {
        throw complain(shape, `the ${product(node.shape)} values of ${printShape(node.shape)}`)
      }
      return { ...input, shape: node.shape }
    }
    case 'transpose': {
      const sorted = node.permutation.toSorted((a, b) => a - b)
      if (sorted.length !== shape.length || sorted.some((axis, index) => axis !== index)) {
        throw complain(shape, `as many axes as the permutation [${node.permutation.join(', ')}]`)
      }
      return { ...input, shape: node.permutation.map((axis) => shape[axis] ?? 0) }
    }
    case 'reverse': {
      if (node.axis >= shape.length) throw complain(shape, `an axis ${node.axis}`)
      return input
    }
    case 'slice': {
      const { axis, start, count, stride } = node
      if (start + (count - 1) * stride >= (shape[axis] ?? 0)) {
        throw complain(shape, `at least ${start + (count - 1) * stride + 1} entries of axis ${axis}`)
      }
      return { ...input, shape: shape.map((size, index) => (index === axis ? count : size)) }
    }
  }
}

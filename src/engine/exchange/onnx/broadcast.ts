import { reshaped, type Constant } from '../networks/constants.ts'
import { BATCH_FIRST, signal, type OnnxNode, type OnnxSignal } from './onnx-node.ts'

/** A value with axes of one entry in front until it has `rank` of them, the batch's included. */
function raised({ builder, output }: OnnxNode, value: OnnxSignal, rank: number): OnnxSignal {
  const shape = builder.shape(value.name)
  const missing = rank - (shape.length + 1)
  if (missing <= 0) return value
  const ones = Array<number>(missing).fill(1)
  const added = builder.add(
    { operation: 'reshape', input: value.name, shape: [...ones, ...shape] },
    `${output} with ${rank} axes`,
  )
  return signal(added, value.batch + missing)
}

function rankOf({ builder }: OnnxNode, { name }: OnnxSignal): number {
  return builder.shape(name).length + 1
}

/** Values with as many axes each as the one with the most, and their batches on the same one. */
export function aligned(node: OnnxNode, values: readonly OnnxSignal[]): OnnxSignal[] {
  const rank = Math.max(...values.map((value) => rankOf(node, value)))
  const all = values.map((value) => raised(node, value, rank))
  if (all.some(({ batch }) => batch !== all[0]?.batch)) {
    throw node.refuse('values whose batches are on different axes', 'the batch on the same axis', BATCH_FIRST)
  }
  return all
}

/** A value and a constant that meets it element by element, which loses the axis of the batch. */
export function beside(
  node: OnnxNode,
  value: OnnxSignal,
  constant: Constant,
): { value: OnnxSignal; constant: Constant } {
  const { shape } = constant
  const whole = raised(node, value, shape.length)
  const axis = whole.batch - (rankOf(node, whole) - shape.length)
  if (axis < 0) return { value: whole, constant }
  if (shape[axis] === 1) return { value: whole, constant: reshaped(constant, shape.toSpliced(axis, 1)) }
  throw node.refuse(`a constant of shape [${shape.join(', ')}]`, 'the same one for every sample')
}

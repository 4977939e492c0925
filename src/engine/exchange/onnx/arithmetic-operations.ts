import { product } from '../../graph/shapes.ts'
import { requireHoldable, reshaped, scalar, stretched, type Constant } from '../networks/constants.ts'
import { constant, signal, type OnnxNode, type OnnxValue } from './onnx-node.ts'

/** What people can do about a batch that is not the first axis. */
export const BATCH_FIRST =
  'Export the network with the batch as the first axis (batch_first=True in PyTorch).'

/** Keeps a constant; its name is that of the node's input where the file has one. */
export function keep(node: OnnxNode, value: Constant, input: number | string): string {
  const wish = typeof input === 'string' ? input : (node.message.inputs[input] ?? '')
  return node.builder.tensor(wish === '' ? `${node.output} constant` : wish, {
    shape: [...value.shape],
    data: Float32Array.from(value.data),
  })
}

/** A constant beside a value of the graph, without the axis of the batch. */
function besideSignal(node: OnnxNode, value: Constant, name: string): Constant {
  const shape = node.builder.shape(name)
  const own =
    value.shape.length > shape.length ? value.shape.slice(value.shape.length - shape.length) : value.shape
  if (product(own) !== product(value.shape)) {
    throw node.refuse(`a constant of shape [${value.shape.join(', ')}]`, 'the same one for every sample')
  }
  return reshaped(value, own)
}

export function matrixOf(node: OnnxNode, matrix: Constant): Constant {
  if (matrix.shape.length === 2) return matrix
  throw node.refuse(`a product with [${matrix.shape.join(', ')}]`, 'a matrix')
}

export function dense(node: OnnxNode, input: number, matrix: Constant, bias?: string): string {
  const weight = keep(node, matrix, 1)
  return node.builder.linear([{ kind: 'dense', input: node.signal(input), weight }], node.output, bias)
}

export function gemm(node: OnnxNode): string {
  if (node.whole('transA', 0) === 1)
    throw node.refuse('a transposed batch', 'the batch as the first axis', BATCH_FIRST)
  const given = matrixOf(node, node.constant(1))
  const [rows = 0, columns = 0] = given.shape
  const alpha = node.float('alpha', 1)
  const isTurned = node.whole('transB', 0) === 1
  const matrix = isTurned
    ? {
        shape: [columns, rows],
        data: given.data.map((_, at) => given.data[(at % rows) * columns + Math.floor(at / rows)] ?? NaN),
      }
    : given
  const data = alpha === 1 ? matrix.data : matrix.data.map((value) => alpha * value)
  const beta = node.float('beta', 1)
  const third = node.inputs[2]
  if (third?.kind === 'signal') {
    const product = dense(node, 0, { ...matrix, data })
    const added = beta === 1 ? third.name : scaled(node, third.name, scalar(beta))
    return node.builder.linear(
      [
        { kind: 'same', input: product },
        { kind: 'same', input: added },
      ],
      node.output,
    )
  }
  const bias = node.optional(2)
  if (bias === undefined) return dense(node, 0, { ...matrix, data })
  const [units = 0] = matrix.shape.slice(-1)
  const own = {
    shape: [units],
    data: stretched(bias, bias.shape.length > 1 ? [1, units] : [units]).data.map((value) => beta * value),
  }
  return dense(node, 0, { ...matrix, data }, keep(node, own, 2))
}

export function sum(node: OnnxNode, sign: 1 | -1): string {
  const { builder } = node
  if (node.isSignal(0) && node.isSignal(1)) {
    const [left, right] = [node.signal(0), node.signal(1)]
    const second = sign === 1 ? right : scaled(node, right, scalar(-1))
    return builder.linear(
      [
        { kind: 'same', input: left },
        { kind: 'same', input: second },
      ],
      node.output,
    )
  }
  const at = node.isSignal(0) ? 0 : 1
  const input = node.signal(at)
  const value = besideSignal(node, node.constant(1 - at), input)
  if (at === 0) {
    const data = sign === 1 ? value.data : value.data.map((each) => -each)
    return builder.linear([{ kind: 'same', input }], node.output, keep(node, { ...value, data }, 1))
  }
  const bias = keep(node, value, 0)
  if (sign === 1) return builder.linear([{ kind: 'same', input }], node.output, bias)
  const minus = keep(node, scalar(-1), 'minus one')
  return builder.linear([{ kind: 'scale', input, weight: minus }], node.output, bias)
}

export function total(node: OnnxNode): string {
  const terms = node.inputs.map((_, index) => ({ kind: 'same' as const, input: node.signal(index) }))
  return node.builder.linear(terms, node.output)
}

export function scaled(node: OnnxNode, input: string, factors: Constant, wish = node.output): string {
  const weight = keep(node, besideSignal(node, factors, input), `${wish} factor`)
  return node.builder.linear([{ kind: 'scale', input, weight }], wish)
}

export function reciprocal(value: Constant): Constant {
  return { ...value, data: value.data.map((each) => 1 / each) }
}

export function multiply(node: OnnxNode): OnnxValue {
  if (!node.isSignal(0) || !node.isSignal(1)) {
    const at = node.isSignal(0) ? 0 : 1
    const input = node.signal(at)
    const factors = besideSignal(node, node.constant(1 - at), input)
    if (factors.data.every((value) => value === 0)) {
      const shape = [1, ...node.builder.shape(input)]
      requireHoldable(shape)
      return constant({ shape, data: Array<number>(product(shape)).fill(0) })
    }
    if (factors.data.length > 1 && node.builder.isGate(input)) {
      const wish = `${node.output} constant`
      const whole = stretched(factors, node.builder.shape(input))
      const held = node.builder.add({ operation: 'constant', tensor: keep(node, whole, wish) }, wish)
      return signal(node.builder.add({ operation: 'gate', signal: held, gate: input }, node.output))
    }
    return signal(scaled(node, input, factors))
  }
  const [left, right] = [node.signal(0), node.signal(1)]
  const [isLeft, isRight] = [node.builder.isGate(left), node.builder.isGate(right)]
  if (isLeft === isRight) {
    throw node.refuse(
      isLeft ? 'a product of two gates' : 'a product of two values, none of them a gate',
      'a product with a constant, or of a value and a gate (the output of a sigmoid)',
      'Relevance has no rule for such a product.',
    )
  }
  const parts = isRight ? { signal: left, gate: right } : { signal: right, gate: left }
  return signal(node.builder.add({ operation: 'gate', ...parts }, node.output))
}

export function normalise(node: OnnxNode): string {
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((index) => node.constant(index).data)
  const epsilon = node.float('epsilon', 1e-5)
  const factors = (scale ?? []).map((value, unit) => value / Math.sqrt((variance?.[unit] ?? NaN) + epsilon))
  const shifts = factors.map((factor, unit) => (bias?.[unit] ?? NaN) - (mean?.[unit] ?? NaN) * factor)
  const input = node.signal(0)
  const shape = [
    factors.length,
    ...node.builder
      .shape(input)
      .slice(1)
      .map(() => 1),
  ]
  const weight = keep(node, { shape, data: factors }, 1)
  const added = keep(node, { shape, data: shifts }, 2)
  return node.builder.linear([{ kind: 'scale', input, weight }], node.output, added)
}

import { product } from '../../graph/shapes.ts'
import { broadcastShape, requireHoldable, scalar, stretched, type Constant } from '../networks/constants.ts'
import { aligned, beside } from './broadcast.ts'
import { BATCH_FIRST, constant, signal, type OnnxNode, type OnnxSignal, type OnnxValue } from './onnx-node.ts'

/** Keeps a constant; its name is that of the node's input where the file has one. */
export function keep(node: OnnxNode, value: Constant, input: number | string): string {
  const wish = typeof input === 'string' ? input : (node.message.inputs[input] ?? '')
  return node.builder.tensor(wish === '' ? `${node.output} constant` : wish, {
    shape: [...value.shape],
    data: Float32Array.from(value.data),
  })
}

export function matrixOf(node: OnnxNode, matrix: Constant): Constant {
  if (matrix.shape.length === 2) return matrix
  throw node.refuse(`a product with [${matrix.shape.join(', ')}]`, 'a matrix')
}

/** `x W` along the last axis. */
export function matMul(node: OnnxNode): OnnxSignal {
  const { name, batch } = node.turnable(0)
  if (batch === node.builder.shape(name).length) {
    throw node.refuse('a product along the batch', 'the batch as the first axis', BATCH_FIRST)
  }
  return signal(dense(node, name, matrixOf(node, node.constant(1))), batch)
}

function dense(node: OnnxNode, input: string, matrix: Constant, bias?: string): string {
  const weight = keep(node, matrix, 1)
  return node.builder.linear([{ kind: 'dense', input, weight }], node.output, bias)
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
  const input = node.signal(0)
  if (node.isSignal(2)) {
    const product = dense(node, input, { ...matrix, data })
    const third = signal(node.signal(2))
    return total(node, [signal(product), beta === 1 ? third : scaled(node, third, scalar(beta))]).name
  }
  const bias = node.optional(2)
  if (bias === undefined) return dense(node, input, { ...matrix, data })
  const [units = 0] = matrix.shape.slice(-1)
  const own = {
    shape: [units],
    data: stretched(bias, bias.shape.length > 1 ? [1, units] : [units]).data.map((value) => beta * value),
  }
  return dense(node, input, { ...matrix, data }, keep(node, own, 2))
}

export function sum(node: OnnxNode, sign: 1 | -1): OnnxSignal {
  const { builder } = node
  if (node.isSignal(0) && node.isSignal(1)) {
    const [left, right] = [node.turnable(0), node.turnable(1)]
    return total(node, [left, sign === 1 ? right : scaled(node, right, scalar(-1))])
  }
  const at = node.isSignal(0) ? 0 : 1
  const { value, constant } = beside(node, node.turnable(at), node.constant(1 - at))
  if ((at === 0 || sign === 1) && addsNothing(node, value, constant)) return value
  if (at === 0) {
    const data = sign === 1 ? constant.data : constant.data.map((each) => -each)
    const bias = keep(node, { ...constant, data }, 1)
    return signal(builder.linear([{ kind: 'same', input: value.name }], node.output, bias), value.batch)
  }
  const bias = keep(node, constant, 0)
  if (sign === 1) {
    return signal(builder.linear([{ kind: 'same', input: value.name }], node.output, bias), value.batch)
  }
  const minus = keep(node, scalar(-1), 'minus one')
  const term = { kind: 'scale', input: value.name, weight: minus } as const
  return signal(builder.linear([term], node.output, bias), value.batch)
}

/** Zeros, as states begin: a sum with them would be one more sum for relevance to go through. */
function addsNothing(node: OnnxNode, { name }: OnnxSignal, { shape, data }: Constant): boolean {
  const own = node.builder.shape(name)
  return data.every((each) => each === 0) && broadcastShape(own, shape).join() === own.join()
}

/** A sum of values that all depend on the image. */
export function total(
  node: OnnxNode,
  values: readonly OnnxSignal[] = node.inputs.map((_, index) => node.turnable(index)),
): OnnxSignal {
  const all = aligned(node, values)
  const terms = all.map(({ name }) => ({ kind: 'same' as const, input: name }))
  return signal(node.builder.linear(terms, node.output), all[0]?.batch)
}

export function scaled(node: OnnxNode, input: OnnxSignal, factors: Constant): OnnxSignal {
  const { value, constant } = beside(node, input, factors)
  const weight = keep(node, constant, `${node.output} factor`)
  const term = { kind: 'scale', input: value.name, weight } as const
  return signal(node.builder.linear([term], node.output), value.batch)
}

export function reciprocal(value: Constant): Constant {
  return { ...value, data: value.data.map((each) => 1 / each) }
}

export function multiply(node: OnnxNode): OnnxValue {
  if (!node.isSignal(0) || !node.isSignal(1)) {
    const at = node.isSignal(0) ? 0 : 1
    return timesConstant(node, node.turnable(at), node.constant(1 - at))
  }
  const [left, right] = aligned(node, [node.turnable(0), node.turnable(1)]) as [OnnxSignal, OnnxSignal]
  const [isLeft, isRight] = [node.builder.isGate(left.name), node.builder.isGate(right.name)]
  if (isLeft === isRight) {
    throw node.refuse(
      isLeft ? 'a product of two gates' : 'a product of two values, none of them a gate',
      'a product with a constant, or of a value and a gate (the output of a sigmoid)',
      'Relevance has no rule for such a product.',
    )
  }
  const [passed, gate] = isRight ? [left, right] : [right, left]
  const parts = { signal: passed.name, gate: gate.name }
  return signal(node.builder.add({ operation: 'gate', ...parts }, node.output), left.batch)
}

function timesConstant(node: OnnxNode, input: OnnxSignal, factors: Constant): OnnxValue {
  const { value, constant: own } = beside(node, input, factors)
  const shape = node.builder.shape(value.name)
  if (own.data.every((factor) => factor === 0)) {
    const whole = shape.toSpliced(value.batch, 0, 1)
    requireHoldable(whole)
    return constant({ shape: whole, data: Array<number>(product(whole)).fill(0) })
  }
  if (own.data.length === 1 || !node.builder.isGate(value.name)) return scaled(node, input, factors)
  const wish = `${node.output} constant`
  const tensor = keep(node, stretched(own, shape), wish)
  const held = node.builder.add({ operation: 'constant', tensor }, wish)
  const gated = { operation: 'gate', signal: held, gate: value.name } as const
  return signal(node.builder.add(gated, node.output), value.batch)
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

import * as tf from '@tensorflow/tfjs-core'
import { gradientRules } from './gradient.ts'
import type { ModelLayout } from './layout.ts'
import { onlyPart, propagate, type Rules } from './propagate.ts'
import type { LinearNode, LogitsNode, Tape } from './tape.ts'

/** A gradient as it comes off the backend: the rows of a tensor from `start` on. */
type GradientRows = {
  tensor: string
  /** Offset of the first value in the tensor. */
  start: number
  values: tf.Tensor
}

/**
 * dloss/dparameter by one walk back over the tape. All uses of a weight, whatever step they belong to, are joined to
 * one product. Biases are derived by their effective value; {@link rawBiasGradient} goes on to the raw one.
 *
 * Call it inside `tf.tidy`.
 *
 * @param lossGradient dloss/dlogits, [N, classes]
 */
export function parameterGradients(
  tape: Tape,
  logits: LogitsNode,
  lossGradient: tf.Tensor2D,
  layout: ModelLayout,
): GradientRows[] {
  const flowsOfLayer = new Map<string, tf.Tensor2D[]>()
  const usesOfBlock = new Map<string, LinearUse[]>()
  propagate(tape, logits, [lossGradient], withoutPixels(gradientRules(tape)), (node, flow) => {
    const gradient = onlyPart(flow)
    if (node.operation === 'linear') append(usesOfBlock, `${node.layer}<${node.source}`, { node, gradient })
    else append(flowsOfLayer, node.layer, gradient)
  })
  const biases = [...flowsOfLayer].map(([layer, flows]) => ({
    tensor: layout.biasName(layer),
    start: 0,
    values: tf.sum(joinRows(flows), 0),
  }))
  const weights = [...usesOfBlock.values()].flatMap((uses) => {
    const [first] = uses
    if (first === undefined) return []
    const { layer, source } = first.node
    const inputs = joinRows(uses.map(({ node }) => node.input.value))
    const values = tf.matMul(tf.transpose(inputs), joinRows(uses.map(({ gradient }) => gradient)))
    const start = layout.rowsOf(layer, source).start * (values.shape[1] ?? 0)
    return [{ tensor: `${layer}.weight`, start, values }]
  })
  return [...biases, ...weights]
}

interface LinearUse {
  readonly node: LinearNode
  readonly gradient: tf.Tensor2D
}

/** Reads gradients off the backend: one array a tensor, 0 where nothing arrived. */
export async function readGradients(
  gradients: readonly GradientRows[],
  layout: ModelLayout,
): Promise<Map<string, Float32Array>> {
  const read = new Map<string, Float32Array>()
  for (const [name, shape] of layout.shapes()) {
    read.set(name, new Float32Array(shape.reduce((product, size) => product * size, 1)))
  }
  for (const { tensor, start, values } of gradients) {
    read.get(tensor)?.set(await values.data(), start)
  }
  return read
}

/** d(effective)/d(raw) of `-softplus(raw)` is `-sigmoid(raw)`; turns the gradient in place. */
export function rawBiasGradient(gradient: Float32Array, raw: Float32Array): void {
  for (let index = 0; index < gradient.length; index += 1) {
    gradient[index] = -(gradient[index] ?? 0) / (1 + Math.exp(-(raw[index] ?? 0)))
  }
}

/** Nobody needs the gradient of the input while training. */
function withoutPixels(rules: Rules): Rules {
  return {
    ...rules,
    linear: (node, flow) => (node.input.operation === 'pixels' ? undefined : rules.linear(node, flow)),
  }
}

function joinRows(parts: readonly tf.Tensor2D[]): tf.Tensor2D {
  const [first] = parts
  return first !== undefined && parts.length === 1 ? first : tf.concat([...parts], 0)
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

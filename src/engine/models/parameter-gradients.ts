import * as tf from '@tensorflow/tfjs-core'
import { gradientRules } from './gradient.ts'
import { kernelGradient } from './convolution.ts'
import type { ModelLayout, RowBlock } from './layout.ts'
import { onlyPart, propagate, type Rules } from './propagate.ts'
import type { LinearNode, LogitsNode } from './nodes.ts'
import { stackRows, type Tape } from './tape.ts'

/** A gradient as it comes off the backend: that of one block of a tensor. */
type BlockGradient = {
  tensor: string
  /** The block, as {@link RowBlock} has it. */
  start: number
  size: number
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
): BlockGradient[] {
  const flowsOfLayer = new Map<string, tf.Tensor2D[]>()
  const usesOfBlock = new Map<string, LinearUse[]>()
  propagate(tape, logits, [lossGradient], withoutPixels(gradientRules(tape)), (node, flow) => {
    const gradient = onlyPart(flow)
    if (node.operation === 'linear') append(usesOfBlock, `${node.layer}<${node.source}`, { node, gradient })
    else if (node.operation === 'joint' || node.joint === undefined)
      append(flowsOfLayer, node.layer, gradient)
  })
  const biases = [...flowsOfLayer].flatMap(([layer, flows]) => {
    const flow = stackRows(flows)
    const parts = layout.partsOf(layer)
    const units = parts.length * layout.extentOf(parts[0]).channels
    const sums = tf.sum(tf.reshape(flow, [flow.size / units, units]), 0)
    return ofParts(sums, parts).map(([part, values]) => ({
      tensor: layout.biasName(part),
      start: 0,
      size: 1,
      values,
    }))
  })
  const weights = [...usesOfBlock.values()].flatMap((uses) => {
    const [first] = uses
    if (first === undefined) return []
    const { layer, source } = first.node
    const gradients = stackRows(uses.map(({ gradient }) => gradient))
    const convolution = layout.convolution(layer, source)
    const values =
      convolution === undefined
        ? tf.matMul(tf.transpose(joinInputs(uses)), gradients)
        : kernelGradient(joinInputs(uses), gradients, convolution)
    return ofParts(values, layout.partsOf(layer)).map(([part, own]) => ({
      tensor: `${part}.weight`,
      ...layout.rowsOf(part, source),
      values: own,
    }))
  })
  return [...biases, ...weights]
}

/** The gradient of a joint layer, cut into those of its parts. */
function ofParts(values: tf.Tensor, parts: readonly string[]): (readonly [string, tf.Tensor])[] {
  const cut = parts.length === 1 ? [values] : tf.split(values, parts.length, -1)
  return cut.map((own, index) => [parts[index] ?? '', own])
}

function joinInputs(uses: readonly LinearUse[]): tf.Tensor2D {
  return stackRows(uses.map(({ node }) => node.input.value))
}

interface LinearUse {
  readonly node: LinearNode
  readonly gradient: tf.Tensor2D
}

/** Reads gradients off the backend: one array a tensor, 0 where nothing arrived. */
export async function readGradients(
  gradients: readonly BlockGradient[],
  layout: ModelLayout,
): Promise<Map<string, Float32Array>> {
  const read = new Map<string, Float32Array>()
  const shapes = layout.shapes()
  for (const [name, shape] of shapes) {
    read.set(name, new Float32Array(shape.reduce((product, size) => product * size, 1)))
  }
  for (const { tensor, values, ...block } of gradients) {
    const [rows = 1, units = rows] = (shapes.get(tensor) ?? []).slice(-2)
    copyBlock((await values.data()) as Float32Array, read.get(tensor), block, { rows, units })
  }
  return read
}

/** Copies a block of rows, of each cell of a kernel or of a dense weight's single one, to its place in the tensor. */
function copyBlock(
  values: Float32Array,
  tensor: Float32Array | undefined,
  { start, size }: RowBlock,
  { rows, units }: { rows: number; units: number },
): void {
  const length = size * units
  for (let cell = 0; cell * length < values.length; cell += 1) {
    tensor?.set(values.subarray(cell * length, (cell + 1) * length), (cell * rows + start) * units)
  }
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
    linear: (node, flow, layer) =>
      node.input.operation === 'pixels' ? undefined : rules.linear(node, flow, layer),
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

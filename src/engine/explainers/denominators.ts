import * as tf from '@tensorflow/tfjs-core'
import { addAll } from '../models/tape.ts'
import type { LinearNode, LogitsNode, PreActivation, ReluNode, Tape } from '../models/tape.ts'
import {
  BOX,
  NEGATIVE,
  NEGATIVE_FLOORED,
  POSITIVE,
  POSITIVE_FLOORED,
  type WeightPart,
} from '../models/weight-parts.ts'
import { ratioToNegative, ratioToNegativeOrZero, ratioToPositive } from './rules.ts'

/** A layer that relevance passes through: its output a = relu(z), for the logits relu(f). */
export type RelevantLayer = ReluNode | LogitsNode

/** Parameters of the alpha-beta rule. */
export interface AlphaBeta {
  readonly alpha: number
  readonly beta: number
  readonly floored: boolean
}

/*
 * All that a layer's relevance is divided by, as ratios `a / denominator` of its output to one flow into it.
 * They do not depend on what is explained, so all methods of a batch share them.
 */

/** `a_j / sum_k x_k w+_kj` */
export function shareOfPositive(tape: Tape, node: RelevantLayer, floored: boolean): tf.Tensor2D {
  const part = floored ? POSITIVE_FLOORED : POSITIVE
  return tape.remember(`share of ${part.name} ${node.index}`, () =>
    ratioToPositive(activation(node), flowInto(tape, node, part)),
  )
}

/** `a_j / sum_k x_k w-_kj` */
export function shareOfNegative(tape: Tape, node: RelevantLayer, floored: boolean): tf.Tensor2D {
  const [part, ratio] = floored
    ? ([NEGATIVE_FLOORED, ratioToNegative] as const)
    : ([NEGATIVE, ratioToNegativeOrZero] as const)
  return tape.remember(`share of ${part.name} ${node.index}`, () =>
    ratio(activation(node), flowInto(tape, node, part)),
  )
}

/**
 * `a_j / (sum_i (x_i w_ij - l w+_ij - h w-_ij) + sum_k t_kj)` for a layer that reads pixels i and, perhaps, states k
 * with `t_kj = h_k (alpha w+_kj - beta w-_kj)`.
 */
export function shareOfBox(tape: Tape, node: RelevantLayer, { alpha, beta }: AlphaBeta): tf.Tensor2D {
  const states = node.terms.filter((term) => !readsPixels(term))
  const parameters = states.length === 0 ? '' : ` ${alpha} ${beta}`
  return tape.remember(`share of box ${node.index}${parameters}`, () =>
    ratioToPositive(activation(node), flowThroughBox(tape, node, { alpha, beta })),
  )
}

/** The denominator of {@link shareOfBox}. */
export function flowThroughBox(
  tape: Tape,
  node: RelevantLayer,
  { alpha, beta }: Omit<AlphaBeta, 'floored'>,
): tf.Tensor2D {
  return addAll(
    node.terms.map((term) => (readsPixels(term) ? boxFlow(tape, term) : stateFlow(tape, term, alpha, beta))),
  )
}

export function readsPixels(term: PreActivation): boolean {
  return linearOf(term).input.operation === 'pixels'
}

/** Whether the layer reads pixels: then all its terms share one denominator. */
export function isPixelLayer(tape: Tape, layer: string): boolean {
  return tape.weights.layout.layer(layer).inputs.includes('pixels')
}

/** What the layer puts out; of the logits only what is positive has relevance. */
export function activation(node: RelevantLayer): tf.Tensor2D {
  return node.operation === 'logits' ? tf.relu(node.value) : node.value
}

/** `sum_k x_k w_kj` over all terms, with a part of the weights. */
export function flowInto(tape: Tape, node: RelevantLayer, part: WeightPart): tf.Tensor2D {
  return addAll(node.terms.map((term) => termFlow(tape, term, part)))
}

/** `sum_k x_k w_kj` with a part of the weights; for stacked terms once for all steps. */
function termFlow(tape: Tape, term: PreActivation, part: WeightPart): tf.Tensor2D {
  const { index, layer, source, input } = linearOf(term)
  const key = `flow ${part.name} ${index}`
  const flow = () => tape.weights.times(layer, source, input.value, part)
  return term.operation === 'step' ? tape.rememberStep(key, term.t, flow) : tape.remember(key, flow)
}

/** `sum_i (x_i w_ij - l w+_ij - h w-_ij)`: the term itself, and what the box adds to every sample alike. */
function boxFlow(tape: Tape, term: PreActivation): tf.Tensor2D {
  const { layer, source } = linearOf(term)
  return tf.add<tf.Tensor2D>(term.value, tape.weights.sums(layer, source, BOX))
}

/** `sum_k h_k (alpha w+_kj - beta w-_kj)`, as `(alpha + beta) h w+ - beta h w`: all methods share both products. */
function stateFlow(tape: Tape, term: PreActivation, alpha: number, beta: number): tf.Tensor2D {
  const positive = termFlow(tape, term, POSITIVE)
  if (beta === 0) return tf.mul(positive, alpha)
  return tf.sub(tf.mul(positive, alpha + beta), tf.mul(term.value, beta))
}

function linearOf(term: PreActivation): LinearNode {
  return term.operation === 'step' ? term.input : term
}

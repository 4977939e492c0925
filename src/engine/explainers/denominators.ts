import * as tf from '@tensorflow/tfjs-core'
import type { WeightPart } from '../models/layer-weights.ts'
import { addAll } from '../models/tape.ts'
import type { LinearNode, LogitsNode, PreActivation, ReluNode, Tape } from '../models/tape.ts'
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
  const part = floored ? 'positive_floored' : 'positive'
  return tape.remember(`share of ${part} ${node.index}`, () =>
    ratioToPositive(activation(node), flowInto(tape, node, part)),
  )
}

/** `a_j / sum_k x_k w-_kj` */
export function shareOfNegative(tape: Tape, node: RelevantLayer, floored: boolean): tf.Tensor2D {
  const [part, ratio] = floored
    ? (['negative_floored', ratioToNegative] as const)
    : (['negative', ratioToNegativeOrZero] as const)
  return tape.remember(`share of ${part} ${node.index}`, () =>
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
  return tape.remember(`share of box ${node.index}${parameters}`, () => {
    const pixelFlows = node.terms.filter(readsPixels).map((term) => boxFlow(tape, term))
    const stateFlows = states.map((term) =>
      tf.sub<tf.Tensor2D>(
        tf.mul(termFlow(tape, term, 'positive'), alpha),
        tf.mul(termFlow(tape, term, 'negative'), beta),
      ),
    )
    return ratioToPositive(activation(node), addAll([...pixelFlows, ...stateFlows]))
  })
}

export function readsPixels(term: PreActivation): boolean {
  return linearOf(term).input.operation === 'pixels'
}

/** Whether some term of the layer reads pixels: then all its terms share one denominator. */
export function isPixelLayer(tape: Tape, layer: string): boolean {
  return tape.nodes.some(
    (node) => node.operation === 'linear' && node.layer === layer && node.input.operation === 'pixels',
  )
}

function activation(node: RelevantLayer): tf.Tensor2D {
  return node.operation === 'logits' ? tf.relu(node.value) : node.value
}

function flowInto(tape: Tape, node: RelevantLayer, part: WeightPart): tf.Tensor2D {
  return addAll(node.terms.map((term) => termFlow(tape, term, part)))
}

/** `sum_k x_k w_kj` with a part of the weights; for stacked terms once for all steps. */
function termFlow(tape: Tape, term: PreActivation, part: WeightPart): tf.Tensor2D {
  const { index, layer, source, input } = linearOf(term)
  const flow = tape.remember(`flow ${part} ${index}`, () =>
    tf.matMul<tf.Tensor2D>(input.value, tape.weights.block(layer, source, part)),
  )
  return term.operation === 'step' ? tape.sliceStep(flow, term.t) : flow
}

/** `sum_i (x_i w_ij - l w+_ij - h w-_ij)`: the term itself, and what the box adds to every sample alike. */
function boxFlow(tape: Tape, term: PreActivation): tf.Tensor2D {
  const { layer, source } = linearOf(term)
  return tf.add<tf.Tensor2D>(term.value, tape.weights.columnSums(layer, source, 'box'))
}

function linearOf(term: PreActivation): LinearNode {
  return term.operation === 'step' ? term.input : term
}

import * as tf from '@tensorflow/tfjs-core'
import { throughPool } from '../models/gradient.ts'
import type { Flow, Rules, Signal } from '../models/propagate.ts'
import type { LinearNode, LogitsNode } from '../models/nodes.ts'
import type { Tape } from '../models/tape.ts'
import {
  alphaBetaPart,
  BOX,
  NEGATIVE,
  NEGATIVE_FLOORED,
  POSITIVE,
  POSITIVE_FLOORED,
  scaled,
  WHOLE,
  type WeightPart,
} from '../models/weight-parts.ts'
import {
  flowInto,
  flowThroughBox,
  isPixelLayer,
  shareOfBox,
  shareOfNegative,
  shareOfPositive,
  type AlphaBeta,
  type RelevantLayer,
} from './denominators.ts'
import { boxRelevance } from './rules.ts'

/**
 * LRP alpha-beta at hidden layers and z-B at pixels; deep Taylor is alpha = 1, beta = 0 (method card, section 3).
 *
 * A signal is the coefficient c in `R = x * c`; a flow holds the ratios `s = c * a / denominator`, one for positive
 * and, when beta > 0, one for negative flow, or a single one where pixels and states share a denominator.
 * At the pixels the signal is the relevance itself.
 */
export function relevanceRules(tape: Tape, parameters: AlphaBeta): Rules {
  return {
    relu: (node, coefficient) => layerFlow(tape, node, coefficient, parameters),
    sigmoid: () => [],
    linear: (node, flow, layer) => linearSignal(tape, node, flow, layer, parameters),
    gate: (node, coefficient) => ({
      signal: tf.mul<tf.Tensor2D>(coefficient, node.gate.value),
      gate: undefined,
    }),
    sum: (_, coefficient) => ({ left: coefficient, right: coefficient }),
    pool: (node, coefficient) => throughPool(tape, node, coefficient),
  }
}

/** Relevance starts at the explained logit only, `R = relu(f)`: coefficient 1 there, 0 elsewhere. */
export function startRelevance(
  tape: Tape,
  logits: LogitsNode,
  oneHotTargets: tf.Tensor2D,
  parameters: AlphaBeta,
): Flow {
  return layerFlow(tape, logits, oneHotTargets, parameters)
}

/** What each unit hands on: `alpha s+_j sum_k x_k w+_kj - beta s-_j sum_k x_k w-_kj`, or `s_j` times the denominator. */
export function relevanceOutflow(
  tape: Tape,
  node: RelevantLayer,
  [positive, negative]: Flow,
  parameters: AlphaBeta,
): tf.Tensor2D {
  const { alpha, beta, floored } = parameters
  if (positive === undefined) throw new RangeError('a flow without parts')
  if (isPixelLayer(tape, node.layer)) return tf.mul(positive, flowThroughBox(tape, node, parameters))
  const sent = (ratio: tf.Tensor2D, part: WeightPart, share: number) =>
    tf.mul<tf.Tensor2D>(tf.mul(ratio, flowInto(tape, node, part)), share)
  const spent = sent(positive, floored ? POSITIVE_FLOORED : POSITIVE, alpha)
  if (negative === undefined) return spent
  return tf.add(spent, sent(negative, floored ? NEGATIVE_FLOORED : NEGATIVE, -beta))
}

function layerFlow(tape: Tape, node: RelevantLayer, coefficient: Signal, parameters: AlphaBeta): Flow {
  if (isPixelLayer(tape, node.layer))
    return [tf.mul<tf.Tensor2D>(coefficient, shareOfBox(tape, node, parameters))]
  const positive = tf.mul<tf.Tensor2D>(coefficient, shareOfPositive(tape, node, parameters.floored))
  if (parameters.beta === 0) return [positive]
  return [positive, tf.mul<tf.Tensor2D>(coefficient, shareOfNegative(tape, node, parameters.floored))]
}

function linearSignal(
  tape: Tape,
  { source, input }: LinearNode,
  flow: Flow,
  layer: string,
  parameters: AlphaBeta,
): Signal {
  const { alpha, beta, floored } = parameters
  const [positive, negative] = flow
  if (positive === undefined) throw new RangeError('a flow without parts')
  const back = (ratio: tf.Tensor2D, part: WeightPart) =>
    tape.weights.timesTransposed(layer, source, ratio, part)
  if (input.operation === 'pixels')
    return boxRelevance(input.value, back(positive, WHOLE), back(positive, BOX))
  if (isPixelLayer(tape, layer)) return back(positive, alphaBetaPart(alpha, beta))
  const spent = back(positive, scaled(floored ? POSITIVE_FLOORED : POSITIVE, alpha))
  if (negative === undefined) return spent
  return tf.add(spent, back(negative, scaled(floored ? NEGATIVE_FLOORED : NEGATIVE, -beta)))
}

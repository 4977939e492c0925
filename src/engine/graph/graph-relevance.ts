import * as tf from '@tensorflow/tfjs-core'
import type { AlphaBeta } from '../explainers/denominators.ts'
import { addAll } from '../models/tape.ts'
import { NEGATIVE, NEGATIVE_FLOORED, POSITIVE, POSITIVE_FLOORED, WHOLE } from '../models/weight-parts.ts'
import type { LinearGraphNode } from './description.ts'
import type { GraphForward } from './graph-forward.ts'
import type { GraphRules, Handed } from './graph-walk.ts'
import { keptByBias, sumRows } from './kept.ts'
import { boxOf } from './prepared-graph.ts'
import type { LinearTerm } from './terms.ts'

/** A flow that is nearer to 0 counts as none: what it should carry stays with the bias, and no ratio leaves float32. */
const NO_FLOW = 1e-30

/**
 * LRP alpha-beta at sums and z-B at pixels; deep Taylor is alpha = 1, beta = 0. What walks is the relevance itself.
 *
 * A product `x_k w_kj` counts as positive or negative flow by its own sign, so that values below 0 are as welcome as others.
 * Biases take nothing: a unit hands all of its relevance to its flow, and where there is none it stays with the bias.
 */
export function relevanceGraphRules(forward: GraphForward, parameters: AlphaBeta): GraphRules {
  return {
    linear: (node, relevance) => throughSum(forward, node, relevance, parameters),
    activation: (_, relevance) => relevance,
    gate: (_, relevance) => [relevance, undefined],
  }
}

/**
 * LRP-epsilon: `R_i = x_i sum_j w_ij R_j / (z_j + epsilon sign z_j)`, where `z_j` holds the bias. Averages and sums of values have
 * no epsilon of their own.
 */
export function epsilonGraphRules(forward: GraphForward, epsilon: number): GraphRules {
  return {
    linear: (node, relevance) => {
      const { graph } = forward
      if (graph.movesPixels(node)) return { parts: [relevance] }
      const terms = graph.terms(node)
      const z = forward.value(node.name)
      const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(z, 0), 'float32'), 2), 1)
      const stabiliser = tf.mul(sign, terms.some(({ isLearned }) => isLearned) ? epsilon : 0)
      const flow = tf.add(z, stabiliser)
      const ratio = safeRatio(relevance, flow)
      const toEpsilon = tf.add(tf.mul(ratio, stabiliser), withoutFlow(relevance, flow))
      const bias = node.bias === undefined ? tf.scalar(0) : graph.tensor(node.bias)
      return {
        parts: terms.map((term) => tf.mul(forward.value(term.input), term.timesTransposed(ratio))),
        kept: { epsilon: sumRows(toEpsilon), bias: sumRows(tf.mul(ratio, bias)) },
      }
    },
    activation: (_, relevance) => relevance,
    gate: (_, relevance) => [relevance, undefined],
  }
}

function throughSum(
  forward: GraphForward,
  node: LinearGraphNode,
  relevance: tf.Tensor,
  { alpha, beta, floored }: AlphaBeta,
): Handed {
  const { graph } = forward
  if (graph.movesPixels(node)) return { parts: [relevance] }
  const terms = graph.terms(node)
  if (terms.some((term) => graph.facts(term.input).box !== undefined)) {
    return throughBox(forward, node, relevance, { alpha, beta })
  }
  if (terms.every(({ isLearned }) => !isLearned)) return throughPlainSum(forward, node, relevance)
  const parts = partsOf(floored)
  const flow = (sign: Sign) =>
    forward.remember(`${sign} flow ${node.name} ${floored}`, () =>
      addAll(terms.map((term) => signedFlow(forward, term, sign, parts))),
    )
  const positive = flow('positive')
  const sent = tf.mul(relevance, alpha)
  const ratio = safeRatio(sent, positive)
  const kept = [withoutFlow(sent, positive)]
  const back = (term: LinearTerm, by: tf.Tensor, sign: Sign) => signedShare(forward, term, by, sign, parts)
  if (beta === 0) {
    return {
      parts: terms.map((term) => back(term, ratio, 'positive')),
      kept: keptByBias(kept),
    }
  }
  const negative = flow('negative')
  const taken = tf.mul(relevance, beta)
  const negativeRatio = safeRatio(taken, negative)
  const nothing = withoutFlow(withoutFlow(taken, negative), positive)
  return {
    parts: terms.map((term) => tf.sub(back(term, ratio, 'positive'), back(term, negativeRatio, 'negative'))),
    kept: keptByBias([...kept, tf.neg(nothing)]),
  }
}

/**
 * Averages and sums of values share in proportion among the values that have the sign of the sum: a memory below 0 is what values
 * below 0 made it. There is no weight that could be negative.
 */
function throughPlainSum(forward: GraphForward, node: LinearGraphNode, relevance: tf.Tensor): Handed {
  const terms = forward.graph.terms(node)
  const flowOf = (name: string, part: (x: tf.Tensor) => tf.Tensor) =>
    forward.remember(`plain ${name} flow ${node.name}`, () =>
      addAll(terms.map((term) => term.times(part(forward.value(term.input))))),
    )
  const above = flowOf('positive', tf.relu)
  const below = flowOf('negative', (x) => tf.minimum(x, 0))
  const isAbove = tf.greaterEqual(tf.add(above, below), 0)
  const flow = tf.where(isAbove, above, below)
  const ratio = safeRatio(relevance, flow)
  const toAbove = tf.mul(ratio, tf.cast(isAbove, 'float32'))
  const toBelow = tf.sub(ratio, toAbove)
  return {
    parts: terms.map((term) => {
      const x = forward.value(term.input)
      const positive = tf.mul(tf.relu(x), term.timesTransposed(toAbove))
      return tf.add(positive, tf.mul(tf.minimum(x, 0), term.timesTransposed(toBelow)))
    }),
    kept: keptByBias([withoutFlow(relevance, flow)]),
  }
}

type Sign = 'positive' | 'negative'
interface Parts {
  readonly positive: typeof POSITIVE
  readonly negative: typeof NEGATIVE
}

function partsOf(floored: boolean): Parts {
  return floored
    ? { positive: POSITIVE_FLOORED, negative: NEGATIVE_FLOORED }
    : { positive: POSITIVE, negative: NEGATIVE }
}

/** `sum_k` of the products `x_k w_kj` of one sign. */
function signedFlow(forward: GraphForward, term: LinearTerm, sign: Sign, parts: Parts): tf.Tensor {
  const other = sign === 'positive' ? 'negative' : 'positive'
  const x = forward.value(term.input)
  if (forward.graph.facts(term.input).nonNegative) return term.times(x, parts[sign])
  return tf.add(term.times(tf.relu(x), parts[sign]), term.times(tf.minimum(x, 0), parts[other]))
}

/** `sum_j` of the products `x_k w_kj s_j` of one sign. */
function signedShare(
  forward: GraphForward,
  term: LinearTerm,
  ratio: tf.Tensor,
  sign: Sign,
  parts: Parts,
): tf.Tensor {
  const other = sign === 'positive' ? 'negative' : 'positive'
  const x = forward.value(term.input)
  const own = tf.mul(tf.relu(x), term.timesTransposed(ratio, parts[sign]))
  if (forward.graph.facts(term.input).nonNegative) return own
  return tf.add(own, tf.mul(tf.minimum(x, 0), term.timesTransposed(ratio, parts[other])))
}

/** z-B for the terms that read pixels; others share the denominator with `x_k (alpha w+_kj - beta w-_kj)`. */
function throughBox(
  forward: GraphForward,
  node: LinearGraphNode,
  relevance: tf.Tensor,
  { alpha, beta }: Omit<AlphaBeta, 'floored'>,
): Handed {
  const { graph } = forward
  const terms = graph.terms(node)
  const parts = partsOf(false)
  const flow = forward.remember(`box flow ${node.name} ${alpha} ${beta}`, () =>
    addAll(
      terms.map((term) => {
        const { box, shape } = graph.facts(term.input)
        if (box === undefined) {
          const positive = tf.mul(signedFlow(forward, term, 'positive', parts), alpha)
          if (beta === 0) return positive
          return tf.sub(positive, tf.mul(signedFlow(forward, term, 'negative', parts), beta))
        }
        const ones = tf.ones([1, ...shape])
        return tf.add(term.times(forward.value(term.input), WHOLE), term.times(ones, boxOf(box)))
      }),
    ),
  )
  const ratio = safeRatio(relevance, flow)
  return {
    parts: terms.map((term) => {
      const { box } = graph.facts(term.input)
      if (box !== undefined) {
        const weighted = tf.mul(forward.value(term.input), term.timesTransposed(ratio, WHOLE))
        return tf.add(weighted, term.timesTransposed(ratio, boxOf(box)))
      }
      const positive = tf.mul(signedShare(forward, term, ratio, 'positive', parts), alpha)
      if (beta === 0) return positive
      return tf.sub(positive, tf.mul(signedShare(forward, term, ratio, 'negative', parts), beta))
    }),
    kept: keptByBias([withoutFlow(relevance, flow)]),
  }
}

/** 1 where something flows, else 0. */
function hasFlow(flow: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(tf.abs(flow), NO_FLOW), 'float32')
}

/** `relevance / flow`, 0 where nothing flows. */
function safeRatio(relevance: tf.Tensor, flow: tf.Tensor): tf.Tensor {
  const some = hasFlow(flow)
  return tf.mul(tf.div(relevance, tf.add(tf.mul(flow, some), tf.sub(1, some))), some)
}

/** The relevance of units into which nothing flows. */
function withoutFlow(relevance: tf.Tensor, flow: tf.Tensor): tf.Tensor {
  return tf.mul(relevance, tf.sub(1, hasFlow(flow)))
}

import * as tf from '@tensorflow/tfjs-core'
import { addAll, stackRows } from '../models/tape.ts'
import type { LinearNode, LogitsNode, PreActivation, ReluNode } from '../models/nodes.ts'
import type { Tape } from '../models/tape.ts'
import {
  BOX,
  NEGATIVE,
  NEGATIVE_FLOORED,
  POSITIVE,
  POSITIVE_FLOORED,
  WHOLE,
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
 * They do not depend on what is explained, so all methods of a batch share them; and as the forward pass is over, they are
 * computed for all uses of a layer at once, below one another.
 */

/** `a_j / sum_k x_k w+_kj` */
export function shareOfPositive(tape: Tape, node: RelevantLayer, floored: boolean): tf.Tensor2D {
  const part = floored ? POSITIVE_FLOORED : POSITIVE
  return tape.rememberUse(`share of ${part.name}`, node, (uses) =>
    ratioToPositive(activations(uses), flowIntoAll(tape, uses, part)),
  )
}

/** `a_j / sum_k x_k w-_kj` */
export function shareOfNegative(tape: Tape, node: RelevantLayer, floored: boolean): tf.Tensor2D {
  const [part, ratio] = floored
    ? ([NEGATIVE_FLOORED, ratioToNegative] as const)
    : ([NEGATIVE, ratioToNegativeOrZero] as const)
  return tape.rememberUse(`share of ${part.name}`, node, (uses) =>
    ratio(activations(uses), flowIntoAll(tape, uses, part)),
  )
}

/**
 * `a_j / (sum_i (x_i w_ij - l w+_ij - h w-_ij) + sum_k t_kj)` for a layer that reads pixels i and, perhaps, states k
 * with `t_kj = h_k (alpha w+_kj - beta w-_kj)`.
 */
export function shareOfBox(tape: Tape, node: RelevantLayer, parameters: AlphaBeta): tf.Tensor2D {
  return tape.rememberUse(`share of ${boxName(tape, node, parameters)}`, node, (uses) =>
    ratioToPositive(activations(uses), flowThroughBoxes(tape, uses, parameters)),
  )
}

/** The denominator of {@link shareOfBox}. */
export function flowThroughBox(tape: Tape, node: RelevantLayer, parameters: AlphaBeta): tf.Tensor2D {
  return tape.rememberUse(`flow through ${boxName(tape, node, parameters)}`, node, (uses) =>
    flowThroughBoxes(tape, uses, parameters),
  )
}

/** `sum_k x_k w_kj` over all terms, with a part of the weights. */
export function flowInto(tape: Tape, node: RelevantLayer, part: WeightPart): tf.Tensor2D {
  return tape.rememberUse(`flow ${part.name}`, node, (uses) => flowIntoAll(tape, uses, part))
}

/** Whether the layer reads pixels: then all its terms share one denominator. */
export function isPixelLayer(tape: Tape, layer: string): boolean {
  return tape.weights.layout.layer(layer).inputs.includes('pixels')
}

/** What the uses of a layer put out; of the logits only what is positive has relevance. */
export function activations(uses: readonly RelevantLayer[]): tf.Tensor2D {
  return stackRows(uses.map((use) => (use.operation === 'logits' ? tf.relu(use.value) : use.value)))
}

/** Names a shared denominator. */
function boxName(tape: Tape, { layer }: RelevantLayer, { alpha, beta }: AlphaBeta): string {
  const hasStates = tape.weights.layout.layer(layer).inputs.length > 1
  return hasStates ? `box ${alpha} ${beta}` : 'box'
}

function flowIntoAll(tape: Tape, uses: readonly RelevantLayer[], part: WeightPart): tf.Tensor2D {
  return addAll(sourcesOf(uses).map((source) => sourceFlow(tape, uses, source, part)))
}

function flowThroughBoxes(tape: Tape, uses: readonly RelevantLayer[], parameters: AlphaBeta): tf.Tensor2D {
  return addAll(
    sourcesOf(uses).map((source) =>
      source === 'pixels' ? boxFlow(tape, uses) : stateFlow(tape, uses, source, parameters),
    ),
  )
}

/** `sum_i (x_i w_ij - l w+_ij - h w-_ij)`: the terms themselves, and what the box adds to every sample alike. */
function boxFlow(tape: Tape, uses: readonly RelevantLayer[]): tf.Tensor2D {
  return tf.add(sourceFlow(tape, uses, 'pixels', WHOLE), tape.weights.sums(layerOf(uses), 'pixels', BOX))
}

/** `sum_k h_k (alpha w+_kj - beta w-_kj)`, as `(alpha + beta) h w+ - beta h w`: all methods share both products. */
function stateFlow(
  tape: Tape,
  uses: readonly RelevantLayer[],
  source: string,
  { alpha, beta }: AlphaBeta,
): tf.Tensor2D {
  const positive = sourceFlow(tape, uses, source, POSITIVE)
  if (beta === 0) return tf.mul(positive, alpha)
  return tf.sub(tf.mul(positive, alpha + beta), tf.mul(sourceFlow(tape, uses, source, WHOLE), beta))
}

/** `sum_k x_k w_kj` over what one source gives to the uses, with a part of the weights. */
function sourceFlow(
  tape: Tape,
  uses: readonly RelevantLayer[],
  source: string,
  part: WeightPart,
): tf.Tensor2D {
  const layer = layerOf(uses)
  return tape.remember(`flow ${part.name} ${layer}<${source}`, () =>
    part === WHOLE
      ? stackTerms(uses, source, (term) => term.value)
      : tape.weights.times(
          layer,
          source,
          stackTerms(uses, source, (term) => term.input.value),
          part,
        ),
  )
}

/** Something of one source's terms for all uses, below one another; 0 for a use without such a term (the first has no state). */
function stackTerms(
  uses: readonly RelevantLayer[],
  source: string,
  partOf: (term: LinearNode) => tf.Tensor2D,
): tf.Tensor2D {
  const terms = uses.map((use) => use.terms.find((term) => linearOf(term).source === source))
  const some = terms.find((term) => term !== undefined)
  if (some === undefined) throw new RangeError(`no term of '${source}'`)
  if (some.operation === 'step') return partOf(some.input)
  return stackRows(
    terms.map((term) => (term === undefined ? tf.zerosLike(partOf(some)) : partOf(linearOf(term)))),
  )
}

function layerOf([first]: readonly RelevantLayer[]): string {
  if (first === undefined) throw new RangeError('no uses of a layer')
  return first.layer
}

function sourcesOf(uses: readonly RelevantLayer[]): string[] {
  return [...new Set(uses.flatMap((use) => use.terms.map((term) => linearOf(term).source)))]
}

function linearOf(term: PreActivation): LinearNode {
  return term.operation === 'step' ? term.input : term
}

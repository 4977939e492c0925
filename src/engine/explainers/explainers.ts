import * as tf from '@tensorflow/tfjs-core'
import type { ComputedMethod } from '../../shared/methods.ts'
import { gradientRules } from '../models/gradient.ts'
import type { Flow, Rules, Signal } from '../models/propagate.ts'
import type { LayerNode, LogitsNode } from '../models/nodes.ts'
import type { Tape } from '../models/tape.ts'
import type { AlphaBeta, RelevantLayer } from './denominators.ts'
import { epsilonOutflow, epsilonRules, keptByLayer, startEpsilon, type KeptRelevance } from './epsilon.ts'
import { guidedRules, withConstantGates } from './gradients.ts'
import type { PerturbingMethod } from './perturbed-maps.ts'
import { relevanceOutflow, relevanceRules, startRelevance } from './relevance.ts'

/** A method that walks the tape backwards: where it starts, by which rules, and what it makes of what arrives. */
export interface Explainer {
  /** Methods with the same walk share it, e.g. `sa` and `gi`. */
  readonly walk: string
  readonly rules: (tape: Tape) => Rules
  readonly start: (tape: Tape, logits: LogitsNode, oneHotTargets: tf.Tensor2D) => Flow
  /** The map from the pixels and what arrived there, both [T*N, pixels of a step]. */
  readonly map: (pixels: tf.Tensor2D, arrived: Signal) => tf.Tensor2D
  /** What each unit of a layer hands on, kept parts included; only of methods that conserve relevance. */
  readonly outflow?: (tape: Tape, node: RelevantLayer, flow: Flow) => tf.Tensor2D
  /** What a layer keeps of the relevance that it got, for rules that do not hand on all of it. */
  readonly kept?: (tape: Tape, node: LayerNode, flow: Flow) => KeptRelevance
}

/** A method that walks back from the forward pass of the samples themselves. */
export type WalkingMethod = Exclude<ComputedMethod, PerturbingMethod>

/** The explainer of a method: the table of the method card, section 3. */
export function explainerOf(method: WalkingMethod): Explainer {
  switch (method.family) {
    case 'sa':
      return { ...GRADIENT, map: squared }
    case 'gi':
      return { ...GRADIENT, map: timesPixels }
    case 'sa_const_gates':
      return { ...GRADIENT, ...CONSTANT_GATES, map: squared }
    case 'gb':
      return { ...GRADIENT, ...GUIDED, map: squared }
    case 'gb_raw_gates':
      return { ...GRADIENT, ...GUIDED_RAW_GATES, map: squared }
    case 'dtd':
      return relevance({ alpha: 1, beta: 0, floored: true })
    case 'lrp_alpha_beta':
      return relevance(method)
    case 'lrp_eps':
      return relevanceWithEpsilon(method.epsilon)
  }
}

const timesPixels = (pixels: tf.Tensor2D, arrived: Signal) => tf.mul<tf.Tensor2D>(pixels, arrived)
const squared = (_: tf.Tensor2D, gradient: Signal) => tf.square(gradient)

const GRADIENT = {
  walk: 'gradient',
  rules: gradientRules,
  start: (_: Tape, __: LogitsNode, oneHotTargets: tf.Tensor2D) => [oneHotTargets],
}

const CONSTANT_GATES = {
  walk: 'gradient with constant gates',
  rules: (tape: Tape) => withConstantGates(gradientRules(tape)),
}

const GUIDED = {
  walk: 'guided with constant gates',
  rules: (tape: Tape) => withConstantGates(guidedRules(tape)),
}

const GUIDED_RAW_GATES = { walk: 'guided', rules: guidedRules }

function relevance(parameters: AlphaBeta): Explainer {
  const { alpha, beta, floored } = parameters
  return {
    walk: `relevance ${alpha} ${beta} ${floored}`,
    rules: (tape) => relevanceRules(tape, parameters),
    start: (tape, logits, oneHotTargets) => startRelevance(tape, logits, oneHotTargets, parameters),
    map: (_, arrived) => arrived,
    outflow: (tape, node, flow) => relevanceOutflow(tape, node, flow, parameters),
  }
}

function relevanceWithEpsilon(epsilon: number): Explainer {
  return {
    walk: `epsilon ${epsilon}`,
    rules: (tape) => epsilonRules(tape, epsilon),
    start: (tape, logits, oneHotTargets) => startEpsilon(tape, logits, oneHotTargets, epsilon),
    map: timesPixels,
    outflow: (tape, node, flow) => epsilonOutflow(tape, node, flow, epsilon),
    kept: (tape, node, flow) => keptByLayer(tape, node, flow, epsilon),
  }
}

import * as tf from '@tensorflow/tfjs-core'
import type { AlphaBeta } from '../explainers/denominators.ts'
import type { WalkingMethod } from '../explainers/explainers.ts'
import type { GraphForward } from './graph-forward.ts'
import { gradientGraphRules, guidedGraphRules, withConstantGraphGates } from './graph-gradients.ts'
import { epsilonGraphRules, relevanceGraphRules } from './graph-relevance.ts'
import type { GraphRules } from './graph-walk.ts'

/** A method that walks a graph backwards: the counterpart of the explainers of our own networks. */
export interface GraphExplainer {
  /** Methods with the same walk share it. */
  readonly walk: string
  readonly rules: (forward: GraphForward) => GraphRules
  /** Whether relevance walks, which starts with `relu(f)`; else a gradient, which starts with 1. */
  readonly isRelevance: boolean
  /**
   * The map from what the network read and what arrived there.
   *
   * @param scale of the input: pixels are `scale` times as large for the network
   */
  readonly map: (input: tf.Tensor, arrived: tf.Tensor, scale: number) => tf.Tensor
}

export function graphExplainerOf(method: WalkingMethod): GraphExplainer {
  switch (method.family) {
    case 'sa':
      return { ...GRADIENT, map: squared }
    case 'gi':
      return { ...GRADIENT, map: (input, arrived) => tf.mul(input, arrived) }
    case 'sa_const_gates':
      return {
        ...GRADIENT,
        walk: 'gradient with constant gates',
        rules: (forward) => withConstantGraphGates(gradientGraphRules(forward)),
        map: squared,
      }
    case 'gb':
      return {
        ...GRADIENT,
        walk: 'guided with constant gates',
        rules: (forward) => withConstantGraphGates(guidedGraphRules(forward)),
        map: squared,
      }
    case 'gb_raw_gates':
      return { ...GRADIENT, walk: 'guided', rules: guidedGraphRules, map: squared }
    case 'dtd':
      return relevance({ alpha: 1, beta: 0, floored: true })
    case 'lrp_alpha_beta':
      return relevance(method)
    case 'lrp_eps':
      return {
        walk: `epsilon ${method.epsilon}`,
        rules: (forward) => epsilonGraphRules(forward, method.epsilon),
        isRelevance: true,
        map: (_, arrived) => arrived,
      }
  }
}

const GRADIENT = { walk: 'gradient', rules: gradientGraphRules, isRelevance: false }

const squared = (_: tf.Tensor, gradient: tf.Tensor, scale: number) => tf.square(tf.mul(gradient, scale))

function relevance(parameters: AlphaBeta): GraphExplainer {
  const { alpha, beta, floored } = parameters
  return {
    walk: `relevance ${alpha} ${beta} ${floored}`,
    rules: (forward) => relevanceGraphRules(forward, parameters),
    isRelevance: true,
    map: (_, arrived) => arrived,
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { gradientRules } from '../models/gradient.ts'
import { onlyPart, type Flow, type Rules, type Signal } from '../models/propagate.ts'
import type { LayerNode, LogitsNode } from '../models/nodes.ts'
import type { Tape } from '../models/tape.ts'
import { activations, type RelevantLayer } from './denominators.ts'
import { withConstantGates } from './gradients.ts'
import { ratioToPositive } from './rules.ts'

/**
 * LRP-epsilon (Bach et al., 2015, eq. 58) at every layer, pixels included:
 * `R_i = x_i sum_j w_ij R_j / (z_j + epsilon)`, where `z_j` holds the bias.
 *
 * A signal is the coefficient c in `R = x * c`. Only units with `z_j = a_j > 0` have relevance, so what a layer hands
 * on is its coefficient times `a_j / (a_j + epsilon)`, and everything else is the chain rule with constant gates:
 * pools and the sum of a cell pass the coefficient on as they pass a gradient. With epsilon 0 the map is x * gradient.
 */
export function epsilonRules(tape: Tape, epsilon: number): Rules {
  return {
    ...withConstantGates(gradientRules(tape)),
    relu: (node, coefficient) => layerFlow(tape, node, coefficient, epsilon),
    sigmoid: () => [],
  }
}

/** Relevance starts at the explained logit only, `R = relu(f)`: coefficient 1 there, 0 elsewhere. */
export function startEpsilon(tape: Tape, logits: LogitsNode, oneHotTargets: Signal, epsilon: number): Flow {
  return layerFlow(tape, logits, oneHotTargets, epsilon)
}

/** Relevance that a layer did not hand on, one value a row: [N], or [T*N] for all steps. */
export interface KeptRelevance {
  readonly epsilon: tf.Tensor1D
  readonly bias: tf.Tensor1D
}

/** `sum_j epsilon s_j` and `sum_j b_j s_j` for the flow `s_j = R_j / (z_j + epsilon)` of a layer. */
export function keptByLayer(tape: Tape, node: LayerNode, flow: Flow, epsilon: number): KeptRelevance {
  const ratio = onlyPart(flow)
  return {
    epsilon: tf.sum(tf.mul(ratio, epsilon), 1),
    bias: tf.sum(tf.mul(ratio, tape.weights.bias(node.layer)), 1),
  }
}

/** What each unit hands on and keeps: `s_j (sum_k x_k w_kj + b_j + epsilon)`. */
export function epsilonOutflow(tape: Tape, node: RelevantLayer, flow: Flow, epsilon: number): tf.Tensor2D {
  return tf.mul(onlyPart(flow), tf.add(tape.preActivation(node), epsilon))
}

function layerFlow(tape: Tape, node: RelevantLayer, coefficient: Signal, epsilon: number): Flow {
  const share = tape.rememberUse(`share of epsilon ${epsilon}`, node, (uses) => {
    const output = activations(uses)
    return ratioToPositive(output, tf.add(output, epsilon))
  })
  return [tf.mul(coefficient, share)]
}

import * as tf from '@tensorflow/tfjs-core'
import { gradientRules, throughRelu } from '../models/gradient.ts'
import type { Rules } from '../models/propagate.ts'
import type { Tape } from '../models/tape.ts'

/** The chain rule with gates that count as constants: they are neither derived nor walked through. */
export function withConstantGates(rules: Rules): Rules {
  return {
    ...rules,
    gate: (node, gradient) => ({ signal: tf.mul(gradient, node.gate.value), gate: undefined }),
  }
}

/** Guided backprop: a ReLU passes the summed gradient g only where its output > 0 and g > 0. */
export function guidedRules(tape: Tape): Rules {
  return {
    ...gradientRules(tape),
    relu: (node, gradient) => [throughRelu(tape, node, tf.relu(gradient))],
  }
}

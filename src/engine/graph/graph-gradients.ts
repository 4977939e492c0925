import * as tf from '@tensorflow/tfjs-core'
import { activationDerivative, type GraphForward } from './graph-forward.ts'
import type { GraphRules } from './graph-walk.ts'

/** The chain rule as a table. */
export function gradientGraphRules(forward: GraphForward): GraphRules {
  return {
    linear: (node, gradient) => ({
      parts: forward.graph.terms(node).map((term) => term.timesTransposed(gradient)),
    }),
    activation: (node, gradient) => {
      const derivative = forward.remember(`derivative ${node.name}`, () =>
        activationDerivative(node, forward.value(node.input), forward.value(node.name)),
      )
      return tf.mul(gradient, derivative)
    },
    gate: (node, gradient) => [
      tf.mul(gradient, forward.value(node.gate)),
      tf.mul(gradient, forward.value(node.signal)),
    ],
  }
}

/** Gates count as constants: they are neither derived nor walked through. */
export function withConstantGraphGates(rules: GraphRules): GraphRules {
  return { ...rules, gate: (node, signal) => [rules.gate(node, signal)[0], undefined] }
}

/** Guided backprop: a ReLU passes the summed gradient g only where its output > 0 and g > 0; other activations the chain rule. */
export function guidedGraphRules(forward: GraphForward): GraphRules {
  const rules = gradientGraphRules(forward)
  return {
    ...rules,
    activation: (node, gradient) =>
      rules.activation(node, node.function === 'relu' ? tf.relu(gradient) : gradient),
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { timesStepOnWasm } from '../compute/wasm/times-step.ts'
import { onlyPart, type Rules, type Signal } from './propagate.ts'
import { cellWeights, spread } from './pooling.ts'
import type { LayerNode, PoolNode, ReluNode, SigmoidNode } from './nodes.ts'
import { stackRows, type Tape } from './tape.ts'

/** The chain rule as a table. Training and every gradient method walk with it. */
export function gradientRules(tape: Tape): Rules {
  return {
    relu: (node, gradient) => [throughRelu(tape, node, gradient)],
    sigmoid: (node, gradient) => [tf.mul(gradient, sigmoidDerivative(tape, node))],
    linear: ({ source }, flow, layer) => tape.weights.timesTransposed(layer, source, onlyPart(flow)),
    gate: (node, gradient) => ({
      signal: tf.mul(gradient, node.gate.value),
      gate: tf.mul(gradient, node.signal.value),
    }),
    sum: (_, gradient) => ({ left: gradient, right: gradient }),
    pool: (node, gradient) => throughPool(tape, node, gradient),
  }
}

/** Every cell gets its part of what arrives at its window: the derivative, and the coefficient of proportional shares. */
export function throughPool(tape: Tape, { extent }: PoolNode, signal: Signal): Signal {
  return spread(signal, extent, () =>
    tape.remember(`cells of ${Object.values(extent).join()}`, () => cellWeights(extent)),
  )
}

/** The gradient where the ReLU's output is positive, else 0. */
export function throughRelu(tape: Tape, node: ReluNode, gradient: Signal): Signal {
  if (tf.getBackend() === 'wasm') return timesStepOnWasm(gradient, node.value)
  return tf.mul(
    gradient,
    tape.rememberUse('derivative', node, (uses) => whereNotZero(valuesOf(uses))),
  )
}

/** `y (1 - y)` for the output y. */
function sigmoidDerivative(tape: Tape, node: SigmoidNode): Signal {
  return tape.rememberUse('derivative', node, (uses) => {
    const values = valuesOf(uses)
    return tf.sub(values, tf.square(values))
  })
}

function valuesOf(uses: readonly LayerNode[]): tf.Tensor2D {
  return stackRows(uses.map((use) => use.value))
}

/** 1 where a value >= 0 is not 0. Both kernels say the same; each is ten times slower on the other's backend. */
function whereNotZero(value: tf.Tensor2D): tf.Tensor2D {
  return tf.getBackend() === 'tensorflow' ? tf.sign(value) : tf.step(value)
}

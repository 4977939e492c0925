import * as tf from '@tensorflow/tfjs-core'
import { valuesOf } from '../models/layout.ts'
import { addAll } from '../models/tape.ts'
import { INPUT, type ActivationNode, type GraphNode } from './description.ts'
import { fromImages } from './input-order.ts'
import { maxPool } from './max-pool.ts'
import type { PreparedGraph } from './prepared-graph.ts'
import { rearrange } from './rearrange.ts'

/** The recorded forward pass of a batch of N samples: the values of all nodes, kept until it is disposed. */
export class GraphForward {
  readonly graph: PreparedGraph
  readonly batchSize: number
  readonly #values = new Map<string, tf.Tensor>()
  readonly #remembered = new Map<string, tf.Tensor>()

  /** @param images [N, rows, columns, channels]; they may leave the range of pixels, as noisy ones do */
  constructor(graph: PreparedGraph, images: Float32Array) {
    const { input, nodes } = graph.model.graph
    this.graph = graph
    const { rows, columns, channels = 1 } = graph.model
    this.batchSize = images.length / valuesOf(graph.model)
    this.#keep(INPUT, () => {
      const pixels = fromImages(tf.tensor(images, [this.batchSize, rows, columns, channels]), graph.model)
      return tf.add(tf.mul(pixels, input.scale), input.shift)
    })
    for (const node of nodes) this.#keep(node.name, () => this.#compute(node))
  }

  /** [N, classes] */
  get logits(): tf.Tensor2D {
    return this.value(this.graph.model.graph.output) as tf.Tensor2D
  }

  /** [N, ...shape of the value] */
  value(name: string): tf.Tensor {
    const value = this.#values.get(name)
    if (value === undefined) throw new RangeError(`no value '${name}'`)
    return value
  }

  /** The sum of all values: NaN or infinite when one of them is, which later nodes may hide. (Rarely infinite by itself.) */
  sumOfValues(): tf.Scalar {
    return tf.tidy(() => tf.sum(tf.stack([...this.#values.values()].map((value) => tf.sum(value)))))
  }

  /** Computes a value once for the life of the pass. */
  remember<Value extends tf.Tensor>(key: string, compute: () => Value): Value {
    const present = this.#remembered.get(key)
    if (present !== undefined) return present as Value
    const value = tf.keep(tf.tidy(compute))
    this.#remembered.set(key, value)
    return value
  }

  dispose(): void {
    tf.dispose([...this.#values.values(), ...this.#remembered.values()])
    this.#values.clear()
    this.#remembered.clear()
  }

  #keep(name: string, compute: () => tf.Tensor): void {
    this.#values.set(name, tf.keep(tf.tidy(compute)))
  }

  #compute(node: GraphNode): tf.Tensor {
    switch (node.operation) {
      case 'linear': {
        const sum = addAll(this.graph.terms(node).map((term) => term.times(this.value(term.input))))
        return node.bias === undefined ? tf.clone(sum) : tf.add(sum, this.graph.tensor(node.bias))
      }
      case 'activation':
        return activate(node, this.value(node.input))
      case 'gate':
        return tf.mul(this.value(node.signal), this.value(node.gate))
      case 'max_pool':
        return maxPool(node, this.value(node.input))
      case 'constant': {
        const tensor = this.graph.tensor(node.tensor)
        return tf.tile(tf.expandDims(tensor), [this.batchSize, ...tensor.shape.map(() => 1)])
      }
      case 'reshape':
      case 'transpose':
      case 'slice':
      case 'reverse':
      case 'concat':
        return rearrange(node, (name) => this.value(name))
    }
  }
}

function activate(node: ActivationNode, x: tf.Tensor): tf.Tensor {
  switch (node.function) {
    case 'relu':
      return tf.relu(x)
    case 'leaky_relu':
      return tf.maximum(x, tf.mul(x, node.alpha ?? 0.01))
    case 'clip':
      return tf.clipByValue(x, ...(node.range ?? [0, 6]))
    case 'elu':
      return tf.where(tf.greater(x, 0), x, tf.mul(tf.sub(tf.exp(tf.minimum(x, 0)), 1), node.alpha ?? 1))
    case 'softplus':
      return tf.softplus(x)
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'tanh':
      return tf.tanh(x)
  }
}

/** df/dx of an activation, from what went in and what came out. */
export function activationDerivative(node: ActivationNode, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const isPositive = () => tf.cast(tf.greater(x, 0), 'float32')
  switch (node.function) {
    case 'relu':
      return isPositive()
    case 'leaky_relu':
      return tf.maximum(isPositive(), node.alpha ?? 0.01)
    case 'clip': {
      const [low, high] = node.range ?? [0, 6]
      return tf.cast(tf.logicalAnd(tf.greater(x, low), tf.less(x, high)), 'float32')
    }
    case 'elu':
      return tf.where(tf.greater(x, 0), tf.onesLike(x), tf.add(y, node.alpha ?? 1))
    case 'softplus':
      return tf.sigmoid(x)
    case 'sigmoid':
      return tf.sub(y, tf.square(y))
    case 'tanh':
      return tf.sub(1, tf.square(y))
  }
}

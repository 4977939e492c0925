import * as tf from '@tensorflow/tfjs-core'
import { POOLS } from './architectures.ts'
import type { Extent } from './convolution.ts'
import type { LayerWeights } from './layer-weights.ts'
import { pool } from './pooling.ts'

/**
 * The forward pass of a batch as a list of nodes in the order in which they were computed.
 *
 * Work that does not depend on the recurrence is done for all T steps of the batch of N sequences at once, on
 * stacked values of T*N rows, step by step (row `t * N + n`); {@link Tape.step} takes one step out of them.
 * A layer with several inputs is a sum of linear terms, one a block of its weight's rows: nothing is concatenated.
 */
export class Tape {
  readonly nodes: Node[] = []
  readonly pixels: PixelsNode
  readonly steps: number
  readonly batchSize: number
  readonly weights: LayerWeights
  readonly #dropout: DropoutMasks | undefined
  readonly #sums: tf.Scalar[] = []
  readonly #remembered = new Map<string, tf.Tensor>()
  readonly #cut = new Map<string, readonly tf.Tensor2D[]>()

  /**
   * @param pixels [T*N, pixels of a step], step by step
   * @param dropout masks while training; nothing is dropped without them
   */
  constructor(weights: LayerWeights, pixels: tf.Tensor2D, steps: number, dropout?: DropoutMasks) {
    this.weights = weights
    this.steps = steps
    this.batchSize = pixels.shape[0] / steps
    this.#dropout = dropout
    this.pixels = this.#record({ operation: 'pixels', value: pixels, index: 0 })
  }

  /** `x W`, or the convolution of x by W, with the rows of the layer's weight that belong to `source`; no bias. */
  linear(layer: string, source: string, input: Activation): LinearNode {
    const value = this.weights.times(layer, source, input.value)
    return this.#record({ operation: 'linear', layer, source, input, value, index: this.nodes.length })
  }

  /** Step `t` of a stacked term: [T*N, k] -> [N, k]. */
  step(input: LinearNode, t: number): StepNode {
    const value = this.rememberStep(`linear ${input.index}`, t, () => input.value)
    return this.#record({ operation: 'step', input, t, value, index: this.nodes.length })
  }

  /** `relu(sum of the terms + bias)`; the bias of a ReLU layer is never positive. */
  relu(layer: string, terms: readonly PreActivation[]): ReluNode {
    const value = tf.relu(this.#watched(this.preActivation(layer, terms)))
    return this.#record({ operation: 'relu', layer, terms, value, index: this.nodes.length })
  }

  /** `sigmoid(sum of the terms + bias)`: the value of a gate, in (0, 1). */
  sigmoid(layer: string, terms: readonly PreActivation[]): SigmoidNode {
    const value = tf.sigmoid(this.#watched(this.preActivation(layer, terms)))
    return this.#record({ operation: 'sigmoid', layer, terms, value, index: this.nodes.length })
  }

  /** The outputs of the network: `sum of the terms + bias`, [N, classes]. */
  logits(terms: readonly PreActivation[]): LogitsNode {
    const value = this.#watched(this.preActivation('logits', terms))
    return this.#record({ operation: 'logits', layer: 'logits', terms, value, index: this.nodes.length })
  }

  /** `signal * gate`, element by element. */
  gate(signal: Activation, gate: SigmoidNode): GateNode {
    const value = tf.mul<tf.Tensor2D>(signal.value, gate.value)
    return this.#record({ operation: 'gate', signal, gate, value, index: this.nodes.length })
  }

  /** The sum of two activations (a cell's memory). */
  sum(left: Activation, right: Activation): SumNode {
    const value = tf.add<tf.Tensor2D>(left.value, right.value)
    return this.#record({ operation: 'sum', left, right, value, index: this.nodes.length })
  }

  /** Twice the average of every 2x2 window: [rows, values] -> [rows, values of the pooled image]. */
  pool(name: string, input: Activation): PoolNode {
    const extent = this.weights.layout.extentOf(POOLS[name] ?? name)
    const value = pool(input.value, extent)
    return this.#record({ operation: 'pool', input, extent, value, index: this.nodes.length })
  }

  /** The values of all steps as a stacked one: T of [N, k] -> [T*N, k]. */
  stack(inputs: readonly Activation[]): Activation {
    const [only] = inputs
    if (only !== undefined && inputs.length === 1) return only
    const value = tf.concat(
      inputs.map((input) => input.value),
      0,
    )
    return this.#record({ operation: 'stack', inputs, value, index: this.nodes.length })
  }

  /** Multiplies by the training's mask of this place; without training it is the input itself. */
  dropout(place: string, input: Activation, step?: number): Activation {
    const mask = this.#dropout?.mask(place, input.value.shape, step)
    if (mask === undefined) return input
    tf.keep(mask)
    const value = tf.mul<tf.Tensor2D>(input.value, mask)
    return this.#record({ operation: 'dropout', input, mask, value, index: this.nodes.length })
  }

  /** What a layer's activation gets: the sum of the terms + bias. */
  preActivation(layer: string, terms: readonly PreActivation[]): tf.Tensor2D {
    return tf.add(addAll(terms.map((term) => term.value)), this.weights.bias(layer))
  }

  /**
   * The sum of what all activations got. It is NaN or infinite when any of that is, which the activations themselves hide: the ReLU of
   * minus infinity is 0, its sigmoid too. (Rarely it is infinite by itself, as the sum of finite values.)
   */
  sumBeforeActivations(): tf.Scalar {
    return tf.tidy(() => tf.sum(tf.stack(this.#sums)))
  }

  /** Computes a value once for the life of the tape; {@link dispose} frees it. */
  remember<Value extends tf.Tensor>(key: string, compute: () => Value): Value {
    const known = this.#remembered.get(key)
    if (known !== undefined) return known as Value
    const value = tf.keep(tf.tidy(compute))
    this.#remembered.set(key, value)
    return value
  }

  /** Step `t`, [N, k], of a stacked value that is computed, and cut into all its steps at once, for the life of the tape. */
  rememberStep(key: string, t: number, compute: () => tf.Tensor2D): tf.Tensor2D {
    const cut =
      this.#cut.get(key) ??
      tf.tidy(() => tf.split<tf.Tensor2D>(compute(), this.steps).map((step) => tf.keep(step)))
    this.#cut.set(key, cut)
    const step = cut[t]
    if (step === undefined) throw new RangeError(`no step ${t} of ${this.steps}`)
    return step
  }

  /** Frees the nodes' values, their masks and what was remembered. */
  dispose(): void {
    for (const node of this.nodes) tf.dispose('mask' in node ? [node.value, node.mask] : node.value)
    tf.dispose([...this.#sums, ...this.#remembered.values(), ...[...this.#cut.values()].flat()])
    this.#remembered.clear()
    this.#cut.clear()
  }

  #watched(preActivation: tf.Tensor2D): tf.Tensor2D {
    this.#sums.push(tf.keep(tf.sum(preActivation)))
    return preActivation
  }

  #record<Recorded extends Node>(node: Recorded): Recorded {
    tf.keep(node.value)
    this.nodes.push(node)
    return node
  }
}

/** Supplies the masks of dropout: 0, or 1 / keep. */
export interface DropoutMasks {
  /** @param step undefined: the mask is for the stacked values of all steps */
  mask(place: string, shape: readonly [number, number], step: number | undefined): tf.Tensor2D | undefined
}

interface Computed {
  readonly index: number
  readonly value: tf.Tensor2D
}

/** The input, in [-1, 1]: [T*N, pixels of a step]. */
export interface PixelsNode extends Computed {
  readonly operation: 'pixels'
}

export interface LinearNode extends Computed {
  readonly operation: 'linear'
  readonly layer: string
  readonly source: string
  readonly input: Activation
}

export interface StepNode extends Computed {
  readonly operation: 'step'
  readonly input: LinearNode
  readonly t: number
}

export interface ReluNode extends Computed {
  readonly operation: 'relu'
  readonly layer: string
  readonly terms: readonly PreActivation[]
}

export interface SigmoidNode extends Computed {
  readonly operation: 'sigmoid'
  readonly layer: string
  readonly terms: readonly PreActivation[]
}

export interface LogitsNode extends Computed {
  readonly operation: 'logits'
  readonly layer: 'logits'
  readonly terms: readonly PreActivation[]
}

export interface GateNode extends Computed {
  readonly operation: 'gate'
  readonly signal: Activation
  readonly gate: SigmoidNode
}

export interface SumNode extends Computed {
  readonly operation: 'sum'
  readonly left: Activation
  readonly right: Activation
}

export interface PoolNode extends Computed {
  readonly operation: 'pool'
  readonly input: Activation
  /** Of one image of the input. */
  readonly extent: Extent
}

export interface StackNode extends Computed {
  readonly operation: 'stack'
  /** One a step. */
  readonly inputs: readonly Activation[]
}

export interface DropoutNode extends Computed {
  readonly operation: 'dropout'
  readonly input: Activation
  readonly mask: tf.Tensor2D
}

/** A term of a layer's sum before its bias and activation. */
export type PreActivation = LinearNode | StepNode
/** A layer, whose terms are summed. */
export type LayerNode = ReluNode | SigmoidNode | LogitsNode
/** What a layer can read. Gates are not among them: they only multiply. */
export type Activation = PixelsNode | ReluNode | GateNode | SumNode | PoolNode | StackNode | DropoutNode
export type Node = PreActivation | LayerNode | Activation

export function isLayer(node: Node): node is LayerNode {
  return 'terms' in node
}

/** Their sum, one after the other: `tf.addN` takes no more than seven on WebGPU. */
export function addAll<Value extends tf.Tensor>(values: readonly Value[]): Value {
  return values.reduce((total, value) => tf.add(total, value))
}

/** A node's name in messages, e.g. `relu 'hidden' (node 17)`. */
export function describeNode(node: Node): string {
  const layer = 'layer' in node ? ` '${node.layer}'` : ''
  return `${node.operation}${layer} (node ${node.index})`
}

import * as tf from '@tensorflow/tfjs-core'
import { POOLS } from './architectures.ts'
import type { LayerWeights } from './layer-weights.ts'
import { columnsOf } from './nodes.ts'
import type {
  Activation,
  GateNode,
  JointNode,
  LayerNode,
  LinearNode,
  LogitsNode,
  Node,
  PixelsNode,
  PoolNode,
  PreActivation,
  ReluNode,
  SigmoidNode,
  StepNode,
  SumNode,
  UseOf,
} from './nodes.ts'
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
  readonly #uses = new Map<string, number>()

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
    const value = this.#rememberPart(`linear ${input.index}`, this.steps, t, () => input.value)
    return this.#record({ operation: 'step', input, t, value, index: this.nodes.length })
  }

  /** `sum of the terms + bias` of layers that are computed as one, e.g. `lstm`; each of them takes its columns. */
  joint(layer: string, terms: readonly PreActivation[]): JointNode {
    const value = this.#watched(this.#sumOf(layer, terms))
    const layers = this.weights.layout.partsOf(layer)
    const columns = tf.split<tf.Tensor2D>(value, layers.length, 1)
    for (const part of columns) tf.keep(part)
    return this.#record({
      operation: 'joint',
      layer,
      layers,
      terms,
      columns,
      value,
      index: this.nodes.length,
    })
  }

  /** `relu(sum of the terms + bias)`; the bias of a ReLU layer is never positive. */
  relu(layer: string, from: readonly PreActivation[] | JointNode): ReluNode {
    const value = tf.tidy(() => tf.relu(this.#activated(layer, from)))
    return this.#record({ operation: 'relu', ...this.#use(layer, from), value, index: this.nodes.length })
  }

  /** `sigmoid(sum of the terms + bias)`: the value of a gate, in (0, 1). */
  sigmoid(layer: string, from: readonly PreActivation[] | JointNode): SigmoidNode {
    const value = tf.tidy(() => tf.sigmoid(this.#activated(layer, from)))
    return this.#record({ operation: 'sigmoid', ...this.#use(layer, from), value, index: this.nodes.length })
  }

  /** The outputs of the network: `sum of the terms + bias`, [N, classes]. */
  logits(terms: readonly PreActivation[]): LogitsNode {
    const value = this.#activated('logits', terms)
    return this.#record({
      operation: 'logits',
      ...this.#use('logits', terms),
      value,
      index: this.nodes.length,
    })
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
    const value = stackRows(inputs.map((input) => input.value))
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
  preActivation({ layer, terms, joint }: LayerNode): tf.Tensor2D {
    return joint === undefined ? this.#sumOf(layer, terms) : columnsOf(joint, layer)
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

  /**
   * One use's part of what is computed for all uses of a layer at once, for the life of the tape. (A layer that recurs is
   * used once a step.) Ask for it when the forward pass is over.
   *
   * @param compute gives the stacked value of all uses, in their order: [uses*N, k]
   */
  rememberUse<Used extends LayerNode>(
    key: string,
    node: Used,
    compute: (uses: readonly Used[]) => tf.Tensor2D,
  ): tf.Tensor2D {
    const { layer, use } = node
    const count = this.#uses.get(layer) ?? 0
    return this.#rememberPart(`${key} of ${layer}`, count, use, () => compute(this.#usesOf(node)))
  }

  /** All nodes of a node's layer, in the order of its uses. */
  #usesOf<Used extends LayerNode>({ operation, layer }: Used): Used[] {
    return this.nodes.filter((node): node is Used => node.operation === operation && node.layer === layer)
  }

  #rememberPart(key: string, count: number, position: number, compute: () => tf.Tensor2D): tf.Tensor2D {
    const cut = this.#cut.get(key) ?? tf.tidy(() => cutRows(compute(), count).map((part) => tf.keep(part)))
    this.#cut.set(key, cut)
    const part = cut[position]
    if (part === undefined) throw new RangeError(`no part ${position} of ${count} of '${key}'`)
    return part
  }

  /** Frees the nodes' values, their masks and what was remembered. */
  dispose(): void {
    for (const node of this.nodes) {
      tf.dispose(node.value)
      if ('mask' in node) node.mask.dispose()
      if ('columns' in node) tf.dispose([...node.columns])
    }
    tf.dispose([...this.#sums, ...this.#remembered.values(), ...[...this.#cut.values()].flat()])
    this.#remembered.clear()
    this.#cut.clear()
  }

  /** What an activation gets, with an eye on it; joint layers are watched together. */
  #activated(layer: string, from: readonly PreActivation[] | JointNode): tf.Tensor2D {
    return 'operation' in from ? columnsOf(from, layer) : this.#watched(this.#sumOf(layer, from))
  }

  #use<Layer extends string>(layer: Layer, from: readonly PreActivation[] | JointNode): UseOf<Layer> {
    const use = this.#uses.get(layer) ?? 0
    this.#uses.set(layer, use + 1)
    return 'operation' in from
      ? { layer, use, terms: from.terms, joint: from }
      : { layer, use, terms: from, joint: undefined }
  }

  #sumOf(layer: string, terms: readonly PreActivation[]): tf.Tensor2D {
    return tf.add(addAll(terms.map((term) => term.value)), this.weights.bias(layer))
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

/** Values below one another: [rows, k] each -> [all rows, k]. */
export function stackRows(values: readonly tf.Tensor2D[]): tf.Tensor2D {
  const [only] = values
  return only !== undefined && values.length === 1 ? only : tf.concat([...values], 0)
}

/** The inverse of {@link stackRows} for values of equally many rows. */
function cutRows(value: tf.Tensor2D, count: number): tf.Tensor2D[] {
  return count === 1 ? [value] : tf.split(value, count)
}

/** Their sum, one after the other: `tf.addN` takes no more than seven on WebGPU. */
export function addAll<Value extends tf.Tensor>(values: readonly Value[]): Value {
  return values.reduce((total, value) => tf.add(total, value))
}

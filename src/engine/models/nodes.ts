import type * as tf from '@tensorflow/tfjs-core'
import type { Extent } from './convolution.ts'

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
  /** The layer that it is a term of; it may be a joint one. */
  readonly layer: string
  readonly source: string
  readonly input: Activation
}

export interface StepNode extends Computed {
  readonly operation: 'step'
  readonly input: LinearNode
  readonly t: number
}

/** Layers that are computed as one: what the activations of all of them get. */
export interface JointNode extends Computed {
  readonly operation: 'joint'
  readonly layer: string
  readonly terms: readonly PreActivation[]
  readonly layers: readonly string[]
  /** What each of the layers gets, in their order. */
  readonly columns: readonly tf.Tensor2D[]
}

/** One of a layer's uses: a layer that recurs has one a step. */
export interface UseOf<Layer extends string> {
  readonly layer: Layer
  /** Which of them it is, from 0. */
  readonly use: number
  /** What is summed before the activation; of a part of a joint layer the terms are the joint one's. */
  readonly terms: readonly PreActivation[]
  readonly joint: JointNode | undefined
}

export interface ReluNode extends Computed, UseOf<string> {
  readonly operation: 'relu'
}

export interface SigmoidNode extends Computed, UseOf<string> {
  readonly operation: 'sigmoid'
}

export interface LogitsNode extends Computed, UseOf<'logits'> {
  readonly operation: 'logits'
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
export type Node = PreActivation | JointNode | LayerNode | Activation

export function isLayer(node: Node): node is LayerNode {
  return 'joint' in node
}

/** What one of the layers of a joint one gets. */
export function columnsOf({ layers, columns }: JointNode, layer: string): tf.Tensor2D {
  const part = columns[layers.indexOf(layer)]
  if (part === undefined) throw new RangeError(`no layer '${layer}' among ${layers.join(', ')}`)
  return part
}

/** A node's name in messages, e.g. `relu 'hidden' (node 17)`. */
export function describeNode(node: Node): string {
  const layer = 'layer' in node ? ` '${node.layer}'` : ''
  return `${node.operation}${layer} (node ${node.index})`
}

import * as tf from '@tensorflow/tfjs-core'
import {
  INPUT,
  inputsOf,
  type ActivationNode,
  type GateGraphNode,
  type GraphNode,
  type LinearGraphNode,
  type Rearrangement,
} from './description.ts'
import { Arrivals } from './arrivals.ts'
import type { GraphForward } from './graph-forward.ts'
import { maxPoolBack, winners } from './max-pool.ts'
import { keptByBias, type Kept } from './kept.ts'
import { rearrangeBack } from './rearrange.ts'

/** What a node hands on to each of its inputs, and what it keeps. */
export interface Handed {
  /** One an input; undefined hands on nothing. */
  readonly parts: readonly (tf.Tensor | undefined)[]
  readonly kept?: Kept
}

/** What walks backwards is df/dx, or the relevance of a value itself: tensors of the values' shapes. */
export interface GraphRules {
  readonly linear: (node: LinearGraphNode, signal: tf.Tensor) => Handed
  readonly activation: (node: ActivationNode, signal: tf.Tensor) => tf.Tensor
  readonly gate: (node: GateGraphNode, signal: tf.Tensor) => readonly [tf.Tensor, tf.Tensor | undefined]
}

/** Sees what every node got and handed on; of a slice, the part of its input that it took. The tensors are gone after it. */
export type GraphObserver = (node: GraphNode, signal: tf.Tensor, handed: Handed) => void

/**
 * Walks the graph backwards once, from the logits to the image. Call it inside `tf.tidy`.
 *
 * @param start what the logits get, [N, classes]
 * @returns what arrives at the image, [N, ...shape of the input]
 */
export function walkGraph(
  forward: GraphForward,
  start: tf.Tensor,
  rules: GraphRules,
  observe?: GraphObserver,
): tf.Tensor {
  const { nodes, output } = forward.graph.model.graph
  const arrivals = new Arrivals()
  arrivals.add(output, tf.clone(start))
  for (const node of nodes.toReversed()) {
    const signal = arrivals.take(node.name, forward.value(node.name).shape)
    if (signal === undefined) continue
    const handed = tf.tidy(() => owned(handOn(forward, node, signal, rules)))
    observe?.(node, signal, handed)
    for (const [index, input] of inputsOf(node).entries()) {
      const part = handed.parts[index]
      if (part === undefined) continue
      if (isPiece(node)) arrivals.addPiece(node, part)
      else arrivals.add(input, part)
    }
    signal.dispose()
  }
  const pixels = forward.value(INPUT)
  return arrivals.take(INPUT, pixels.shape) ?? tf.zerosLike(pixels)
}

/** The same as tensors of their own, however often a rule gave one. */
function owned({ parts, kept }: Handed): { parts: (tf.Tensor | undefined)[]; kept?: Kept } {
  return { parts: parts.map((part) => part && tf.clone(part)), ...(kept && { kept }) }
}

function isPiece(node: GraphNode): node is Extract<GraphNode, { operation: 'slice' }> {
  return node.operation === 'slice' && node.stride === 1
}

function handOn(forward: GraphForward, node: GraphNode, signal: tf.Tensor, rules: GraphRules): Handed {
  switch (node.operation) {
    case 'linear':
      return rules.linear(node, signal)
    case 'activation':
      return { parts: [rules.activation(node, signal)] }
    case 'gate':
      return { parts: rules.gate(node, signal) }
    case 'max_pool': {
      const value = forward.value(node.input)
      const masks = forward.remember(`winners ${node.name}`, () =>
        winners(node, value, forward.value(node.name)),
      )
      return { parts: [maxPoolBack(node, signal, masks, value.shape)] }
    }
    case 'constant':
      return { parts: [], kept: keptByBias([signal]) }
    case 'slice':
      return { parts: isPiece(node) ? [signal] : backOf(forward, node, signal) }
    case 'reshape':
    case 'transpose':
    case 'reverse':
    case 'concat':
      return { parts: backOf(forward, node, signal) }
  }
}

function backOf(forward: GraphForward, node: Rearrangement, signal: tf.Tensor): tf.Tensor[] {
  const shapes = inputsOf(node).map((input) => forward.value(input).shape)
  return rearrangeBack(node, signal, shapes)
}

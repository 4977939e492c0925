import * as tf from '@tensorflow/tfjs-core'
import type { AnyForward } from '../graph/any-forward.ts'
import { GraphForward } from '../graph/graph-forward.ts'
import { firstBadGraphNode, graphMaps } from '../graph/graph-maps.ts'
import type { Forward } from '../models/forward.ts'
import { oneHot } from '../models/one-hot.ts'
import { propagate, type FlowObserver, type Signal } from '../models/propagate.ts'
import { fromSteps } from '../models/steps.ts'
import { describeNode, isLayer, type Node } from '../models/nodes.ts'
import { addAll } from '../models/tape.ts'
import type { Attribution } from './attribution.ts'
import type { KeptRelevance } from './epsilon.ts'
import { explainerOf, type Explainer, type WalkingMethod } from './explainers.ts'
import { NodeWatch } from './node-watch.ts'

/**
 * What all methods that walk the tape make of the batch, by id. Methods with the same walk share it, and each walk is read
 * and freed before the next one begins.
 *
 * @param checkNodes whether walks that conserve relevance are watched at every node
 */
export async function walkedMaps(
  forward: AnyForward,
  targets: Int32Array,
  methods: readonly (readonly [string, WalkingMethod])[],
  checkNodes: boolean,
): Promise<Map<string, Attribution>> {
  if (forward instanceof GraphForward) return graphMaps(forward, targets, methods, checkNodes)
  const { pixels, weights } = forward.tape
  const { sizes } = weights.layout
  const attributions = new Map<string, Attribution>()
  const explained = methods.map(([id, method]) => ({ id, explainer: explainerOf(method) }))
  for (const sharers of Map.groupBy(explained, ({ explainer }) => explainer.walk).values()) {
    const [first] = sharers
    if (first === undefined) continue
    const { kept, nodes, maps } = tf.tidy(() => {
      const oneHotTargets = oneHot(targets, sizes.classes)
      const { arrived, ...seen } = walkBack(forward, first.explainer, oneHotTargets, checkNodes)
      return {
        ...seen,
        maps: sharers.map(({ explainer }) => fromSteps(explainer.map(pixels.value, arrived), sizes)),
      }
    })
    try {
      const keptParts = kept ? { epsilon: await float32(kept.epsilon), bias: await float32(kept.bias) } : null
      const nodeErrors = nodes ? { names: nodes.names, errors: await float32(nodes.errors) } : null
      for (const [index, map] of maps.entries()) {
        attributions.set(sharers[index]?.id ?? '', {
          maps: await float32(map),
          kept: keptParts,
          difference: null,
          nodes: nodeErrors,
        })
      }
    } finally {
      tf.dispose([kept?.epsilon, kept?.bias, nodes?.errors, ...maps])
    }
  }
  return attributions
}

/** What arrived at the pixels, [T*N, pixels of a step], and what was seen on the way. */
type Walk = {
  arrived: Signal
  /** [N] each */
  kept?: { epsilon: tf.Tensor1D; bias: tf.Tensor1D }
  /** Errors of conservation, [nodes, N]. */
  nodes?: { names: string[]; errors: tf.Tensor2D }
}

function walkBack(
  { tape, logits }: Forward,
  explainer: Explainer,
  oneHotTargets: tf.Tensor2D,
  checkNodes: boolean,
): Walk {
  const watch = checkNodes && explainer.outflow ? new NodeWatch(tape, explainer) : undefined
  const rules = explainer.rules(tape)
  const kept: KeptRelevance[] = []
  const observe: FlowObserver = (node, flow, layer) => {
    watch?.observe(node, flow, layer)
    if (explainer.kept && isLayer(node)) kept.push(explainer.kept(tape, node, flow))
  }
  const start = explainer.start(tape, logits, oneHotTargets)
  const arrived =
    propagate(tape, logits, start, watch?.watching(rules) ?? rules, observe) ??
    tf.zerosLike(tape.pixels.value)
  const bySample = (parts: readonly tf.Tensor1D[]) =>
    addAll(parts.map((rows) => tf.sum<tf.Tensor1D>(tf.reshape(rows, [-1, tape.batchSize]), 0)))
  const walk: Walk = { arrived }
  if (kept.length > 0) {
    walk.kept = {
      epsilon: bySample(kept.map((part) => part.epsilon)),
      bias: bySample(kept.map((part) => part.bias)),
    }
  }
  if (watch) {
    walk.nodes = watch.errors(tf.mul(oneHotTargets, tf.relu(logits.value)))
    watch.dispose()
  }
  return walk
}

/** The first node, from the logits on, through which a method's walk sends NaN or infinity. */
export async function firstBadNode(
  forward: AnyForward,
  targets: Int32Array,
  method: WalkingMethod,
): Promise<string> {
  if (forward instanceof GraphForward) return firstBadGraphNode(forward, targets, method)
  const { tape, logits } = forward
  const explainer = explainerOf(method)
  const nodes: Node[] = []
  const flows = tf.tidy(() => {
    const seen: tf.Tensor[][] = []
    const start = explainer.start(tape, logits, oneHot(targets, tape.weights.layout.sizes.classes))
    propagate(tape, logits, start, explainer.rules(tape), (node, flow) => {
      nodes.push(node)
      seen.push(flow.map((part) => tf.clone(part)))
    })
    return seen
  })
  try {
    for (const [index, node] of nodes.entries()) {
      for (const part of flows[index] ?? []) {
        if (!(await float32(part)).every(Number.isFinite)) return describeNode(node)
      }
    }
    return describeNode(tape.pixels)
  } finally {
    tf.dispose(flows)
  }
}

async function float32(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array
}

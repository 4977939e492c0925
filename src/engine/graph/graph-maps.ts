import * as tf from '@tensorflow/tfjs-core'
import type { Attribution } from '../explainers/attribution.ts'
import type { WalkingMethod } from '../explainers/explainers.ts'
import { oneHot } from '../models/one-hot.ts'
import { addAll } from '../models/tape.ts'
import { INPUT, type GraphNode } from './description.ts'
import { graphExplainerOf, type GraphExplainer } from './graph-explainers.ts'
import type { GraphForward } from './graph-forward.ts'
import { gradientGraphRules } from './graph-gradients.ts'
import { sumRows, type Kept } from './kept.ts'
import { walkGraph, type Handed } from './graph-walk.ts'
import { toImages, toPixels } from './input-order.ts'

/**
 * What all methods that walk a graph make of the batch, by id; methods with the same walk share it.
 *
 * @param targets [N]: the class explained for each sample
 * @param checkNodes whether walks of relevance are watched at every node
 */
export async function graphMaps(
  forward: GraphForward,
  targets: Int32Array,
  methods: readonly (readonly [string, WalkingMethod])[],
  checkNodes: boolean,
): Promise<Map<string, Attribution>> {
  const { model } = forward.graph
  const attributions = new Map<string, Attribution>()
  const explained = methods.map(([id, method]) => ({ id, explainer: graphExplainerOf(method) }))
  for (const sharers of Map.groupBy(explained, ({ explainer }) => explainer.walk).values()) {
    const [first] = sharers
    if (first === undefined) continue
    const walk = tf.tidy(() => {
      const { arrived, ...seen } = walkBack(forward, first.explainer, targets, checkNodes)
      const map = ({ explainer }: (typeof sharers)[number]) =>
        toPixels(explainer.map(forward.value(INPUT), arrived, model.graph.input.scale), model)
      return { ...seen, maps: sharers.map(map) }
    })
    try {
      const kept = walk.kept && { epsilon: await read(walk.kept.epsilon), bias: await read(walk.kept.bias) }
      const nodes = walk.nodes && { names: walk.nodes.names, errors: await read(walk.nodes.errors) }
      for (const [index, { id }] of sharers.entries()) {
        const map = walk.maps[index]
        if (map === undefined) continue
        const maps = await read(map)
        attributions.set(id, { maps, kept: kept ?? null, difference: null, nodes: nodes ?? null })
      }
    } finally {
      tf.dispose([walk.maps, { ...walk.kept }, { ...walk.nodes }])
    }
  }
  return attributions
}

/** df/dx, or what `reduce` makes of it: [N, rows, columns, channels]. */
export async function graphInputGradient(
  forward: GraphForward,
  targets: Int32Array,
  reduce: (gradient: tf.Tensor2D) => tf.Tensor2D,
): Promise<Float32Array> {
  const { model } = forward.graph
  const gradient = tf.tidy(() => {
    const arrived = walkGraph(forward, oneHot(targets, model.classes), gradientGraphRules(forward))
    const byValue = toImages(tf.mul(arrived, model.graph.input.scale), model)
    return reduce(tf.reshape<tf.Rank.R2>(byValue, [forward.batchSize, -1]))
  })
  const values = await read(gradient)
  gradient.dispose()
  return values
}

/** The first node, from the logits on, through which a method's walk sends NaN or infinity. */
export async function firstBadGraphNode(
  forward: GraphForward,
  targets: Int32Array,
  method: WalkingMethod,
): Promise<string> {
  const nodes: GraphNode[] = []
  const explainer = graphExplainerOf(method)
  const signals = tf.tidy(() => {
    const seen: tf.Tensor[] = []
    walkGraph(forward, startOf(forward, explainer, targets), explainer.rules(forward), (node, signal) => {
      nodes.push(node)
      seen.push(tf.clone(signal))
    })
    return seen
  })
  try {
    for (const [index, node] of nodes.entries()) {
      const signal = signals[index]
      if (signal !== undefined && !(await read(signal)).every(Number.isFinite))
        return forward.graph.describe(node)
    }
    return 'the pixels'
  } finally {
    tf.dispose(signals)
  }
}

type Walk = {
  arrived: tf.Tensor
  /** [N] each */
  kept?: Kept
  /** Errors of conservation, [nodes, N]. */
  nodes?: { names: string[]; errors: tf.Tensor2D }
}

function walkBack(
  forward: GraphForward,
  explainer: GraphExplainer,
  targets: Int32Array,
  checkNodes: boolean,
): Walk {
  const kept: Kept[] = []
  const names: string[] = []
  const errors: tf.Tensor1D[] = []
  const observe = (node: GraphNode, signal: tf.Tensor, handed: Handed) => {
    if (handed.kept) kept.push(handed.kept)
    if (!checkNodes) return
    names.push(forward.graph.describe(node))
    errors.push(unspent(signal, handed))
  }
  const start = startOf(forward, explainer, targets)
  const arrived = walkGraph(
    forward,
    start,
    explainer.rules(forward),
    explainer.isRelevance ? observe : undefined,
  )
  const walk: Walk = { arrived }
  if (kept.length > 0) {
    walk.kept = {
      epsilon: addAll(kept.map(({ epsilon }) => epsilon)),
      bias: addAll(kept.map(({ bias }) => bias)),
    }
  }
  if (errors.length > 0) walk.nodes = { names, errors: tf.stack(errors) as tf.Tensor2D }
  return walk
}

/** [N]: how far what a node got is from what it handed on and kept. */
function unspent(signal: tf.Tensor, { parts, kept }: Handed): tf.Tensor1D {
  const spent = parts.flatMap((part) => (part === undefined ? [] : [sumRows(part)]))
  const all = kept === undefined ? spent : [...spent, kept.epsilon, kept.bias]
  return tf.abs(tf.sub(sumRows(signal), addAll(all)))
}

/** Relevance starts at the explained logit only, `R = relu(f)`; a gradient with 1 there. */
function startOf(forward: GraphForward, explainer: GraphExplainer, targets: Int32Array): tf.Tensor2D {
  const chosen = oneHot(targets, forward.graph.model.classes)
  return explainer.isRelevance ? tf.mul(chosen, tf.relu(forward.logits)) : chosen
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array
}

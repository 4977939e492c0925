import { seededGenerator } from '../../shared/seeds.ts'
import type { NamedTensor } from '../exchange/safetensors.ts'
import { truncatedNormal } from '../models/initial-weights.ts'
import { freshSeed } from '../models/randomised.ts'
import type { GraphDescription, LinearGraphNode } from './description.ts'
import type { GraphModel } from './graph-model.ts'

type Weighted = Pick<GraphModel, 'graph' | 'weights'>

/** What is drawn anew together: the tensors of a sum. Steps that share their weights are one layer. */
interface GraphLayer {
  readonly name: string
  readonly tensors: readonly string[]
}

/** The names of a graph's layers from the output to the input; what is computed last comes first. */
export function graphLayersFromOutput(model: Weighted): string[] {
  return layersOf(model).map(({ name }) => name)
}

/**
 * The model with fresh weights in its first `count` layers from the output on, as `randomisedModel` gives for our own networks:
 * truncated normal with sigma `1 / sqrt(fan_in)`, factors 1, biases 0.
 */
export function randomisedGraph(model: GraphModel, count: number, seed: number): GraphModel {
  const layers = layersOf(model).slice(0, count)
  if (layers.length === 0) return model
  const weights = new Map(model.weights)
  const kinds = kindsOf(model.graph)
  for (const name of layers.flatMap(({ tensors }) => tensors)) {
    const tensor = model.weights.get(name)
    if (tensor !== undefined) weights.set(name, freshTensor(name, tensor, kinds.get(name) ?? 'bias', seed))
  }
  const randomised = layers.map(({ name }) => name).join(' ')
  const metadata = { ...model.metadata, randomised, randomised_seed: String(seed) }
  return { ...model, weights, metadata }
}

function layersOf({ graph, weights }: Weighted): GraphLayer[] {
  const seen = new Set<string>()
  const layers: GraphLayer[] = []
  for (const node of graph.nodes.toReversed()) {
    if (node.operation !== 'linear') continue
    const learned = weightsOf(node, weights)
    if (learned.length === 0) continue
    const tensors = [...learned, ...(node.bias === undefined ? [] : [node.bias])]
    const fresh = tensors.filter((name) => !seen.has(name))
    for (const name of tensors) seen.add(name)
    const weight = learned.find((name) => fresh.includes(name))
    if (weight !== undefined) layers.push({ name: weight.replace(/\.weight$/, ''), tensors: fresh })
  }
  return layers
}

/** A single factor, as the -1 of a difference, is part of the network's form and not learned. */
function weightsOf({ terms }: LinearGraphNode, weights: GraphModel['weights']): string[] {
  const names = terms.flatMap((term) => ('weight' in term ? [term.weight] : []))
  return [...new Set(names)].filter((name) => (weights.get(name)?.data.length ?? 0) > 1)
}

type Kind = 'dense' | 'convolution' | 'scale' | 'bias'

function kindsOf({ nodes }: GraphDescription): Map<string, Kind> {
  const kinds = new Map<string, Kind>()
  for (const node of nodes) {
    if (node.operation !== 'linear') continue
    for (const term of node.terms) if ('weight' in term) kinds.set(term.weight, term.kind)
  }
  return kinds
}

function freshTensor(name: string, { shape, data }: NamedTensor, kind: Kind, seed: number): NamedTensor {
  if (kind === 'scale' || kind === 'bias') return { shape, data: data.map(() => (kind === 'scale' ? 1 : 0)) }
  const generator = seededGenerator(freshSeed(seed), 'initial weights', name)
  const sigma = 1 / Math.sqrt(data.length / (shape.at(-1) ?? 1))
  return { shape, data: Float32Array.from(data, () => sigma * truncatedNormal(generator)) }
}

import {
  inputsOf,
  tensorsOf,
  type GraphDescription,
  type GraphNode,
  type LinearGraphNode,
  type Term,
} from '../../graph/description.ts'
import { known, product, type ValueFacts } from '../../graph/shapes.ts'
import type { NamedTensor } from '../safetensors.ts'

type Weights = ReadonlyMap<string, NamedTensor>
interface Network {
  graph: GraphDescription
  weights: Weights
}

/**
 * The same function with fewer nodes: a batch normalisation is folded into the layer before it, and a sum of layers becomes one
 * layer, whose terms share a denominator. Nodes and tensors that nothing reads any more are left out.
 */
export function simplifyGraph({ graph, weights }: Network, facts: ReadonlyMap<string, ValueFacts>): Network {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
  const kept = new Map(weights)
  const readers = countReaders(graph)
  for (const { name } of graph.nodes) {
    const node = nodes.get(name)
    if (node?.operation !== 'linear') continue
    const merge = (input: string): LinearGraphNode | undefined => {
      const before = nodes.get(input)
      return before?.operation === 'linear' && readers.get(input) === 1 ? before : undefined
    }
    nodes.set(name, inlineTerms(foldScale(node, merge, kept, facts), merge, kept))
  }
  return withoutUnread({ ...graph, nodes: [...nodes.values()] }, kept)
}

function countReaders({ nodes, output }: GraphDescription): Map<string, number> {
  const readers = new Map([[output, 1]])
  for (const input of nodes.flatMap(inputsOf)) readers.set(input, (readers.get(input) ?? 0) + 1)
  return readers
}

type Before = (input: string) => LinearGraphNode | undefined

/** `(sum of x W + b) * s + t` as `sum of x (W s) + (b s + t)`, where s has one factor a unit. */
function foldScale(
  node: LinearGraphNode,
  before: Before,
  weights: Map<string, NamedTensor>,
  facts: ReadonlyMap<string, ValueFacts>,
): LinearGraphNode {
  const [scale, ...others] = node.terms
  if (scale?.kind !== 'scale' || others.length > 0) return node
  const layer = before(scale.input)
  const factors = weights.get(scale.weight)
  if (layer === undefined || factors === undefined) return node
  const { shape } = known(facts, layer.name)
  const terms: Term[] = []
  for (const [index, term] of layer.terms.entries()) {
    if (term.kind !== 'dense' && term.kind !== 'convolution') return node
    const weight = weights.get(term.weight)
    const channelsFirst = term.kind === 'convolution' && term.channels === 'first'
    const units = weight?.shape.at(-1) ?? 0
    const byUnit = factorsByUnit(factors, shape, channelsFirst ? 0 : shape.length - 1, units)
    if (weight === undefined || byUnit === undefined) return node
    const name = `${term.weight} * ${scale.weight}${index === 0 ? '' : ` ${index}`}`
    weights.set(name, {
      shape: weight.shape,
      data: weight.data.map((value, at) => value * (byUnit[at % units] ?? NaN)),
    })
    terms.push({ ...term, weight: name })
  }
  const biases = [
    ...(layer.bias === undefined ? [] : [times(weights.get(layer.bias), factors)]),
    ...(node.bias === undefined ? [] : [weights.get(node.bias)]),
  ]
  return { ...node, terms, ...biasOf(node.name, biases, weights) }
}

/** The factor of each unit; undefined where they differ within one. */
function factorsByUnit(
  { shape: own, data }: NamedTensor,
  shape: readonly number[],
  unitAxis: number,
  units: number,
): Float32Array | undefined {
  if (data.length === 1) return new Float32Array(units).fill(data[0] ?? NaN)
  const axis = unitAxis - (shape.length - own.length)
  if (own[axis] !== units || product(own) !== units) return undefined
  return data
}

/** A sum that takes in the sums that it alone reads. */
function inlineTerms(
  node: LinearGraphNode,
  before: Before,
  weights: Map<string, NamedTensor>,
): LinearGraphNode {
  if (!node.terms.some((term) => term.kind === 'same' && before(term.input) !== undefined)) return node
  const biases = node.bias === undefined ? [] : [weights.get(node.bias)]
  const terms = node.terms.flatMap((term) => {
    const inner = term.kind === 'same' ? before(term.input) : undefined
    if (inner === undefined) return [term]
    if (inner.bias !== undefined) biases.push(weights.get(inner.bias))
    return inner.terms
  })
  return { ...node, terms, ...biasOf(node.name, biases, weights) }
}

function biasOf(
  name: string,
  biases: readonly (NamedTensor | undefined)[],
  weights: Map<string, NamedTensor>,
): { bias?: string } {
  const [first, ...others] = biases
  if (first === undefined) return {}
  const bias = `${name} bias`
  weights.set(
    bias,
    others.reduce<NamedTensor>((total, other) => combine(total, other ?? total, (a, b) => a + b), first),
  )
  return { bias }
}

function times(a: NamedTensor | undefined, b: NamedTensor): NamedTensor | undefined {
  return a && combine(a, b, (x, y) => x * y)
}

/** Element by element, with the axes of length 1 stretched. */
export function combine(a: NamedTensor, b: NamedTensor, by: (a: number, b: number) => number): NamedTensor {
  const rank = Math.max(a.shape.length, b.shape.length)
  const [left, right] = [a, b].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  const shape = (left ?? []).map((size, axis) => (size === 1 ? (right?.[axis] ?? 1) : size))
  const at = (from: readonly number[], index: number) => {
    let [rest, offset, stride] = [index, 0, 1]
    for (let axis = rank - 1; axis >= 0; axis -= 1) {
      const size = shape[axis] ?? 1
      const own = from[axis] ?? 1
      if (own !== 1) offset += (rest % size) * stride
      rest = Math.floor(rest / size)
      stride *= own
    }
    return offset
  }
  const data = Float32Array.from({ length: product(shape) }, (_, index) =>
    by(a.data[at(left ?? [], index)] ?? NaN, b.data[at(right ?? [], index)] ?? NaN),
  )
  return { shape, data }
}

function withoutUnread(graph: GraphDescription, weights: Weights): Network {
  const read = new Set([graph.output])
  const nodes: GraphNode[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!read.has(node.name)) continue
    nodes.unshift(node)
    for (const input of inputsOf(node)) read.add(input)
  }
  const used = new Set(nodes.flatMap(tensorsOf))
  return {
    graph: { ...graph, nodes },
    weights: new Map([...weights].filter(([name]) => used.has(name))),
  }
}

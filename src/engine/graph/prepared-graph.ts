import * as tf from '@tensorflow/tfjs-core'
import type { ModelSizes } from '../models/layout.ts'
import { boxPart, type WeightPart } from '../models/weight-parts.ts'
import { describeGraphNode, type GraphNode, type LinearGraphNode } from './description.ts'
import { checkGraphModel, type GraphModel } from './graph-model.ts'
import { known, product, type Box, type ValueFacts } from './shapes.ts'
import { linearTerm, type LinearTerm } from './terms.ts'

/** The graph of a model whose weights are on the backend, checked, with every part of a weight computed once. */
export class PreparedGraph {
  readonly model: GraphModel
  readonly layout: GraphLayout
  readonly #facts: ReadonlyMap<string, ValueFacts>
  readonly #tensors: ReadonlyMap<string, tf.Tensor>
  readonly #terms = new Map<string, readonly LinearTerm[]>()
  readonly #derived = new Map<string, tf.Tensor>()

  /** @throws HeatproofError `bad_model`, `bad_values` */
  constructor(model: GraphModel) {
    this.model = model
    this.#facts = checkGraphModel(model)
    this.#tensors = new Map(
      [...model.weights].map(([name, { data, shape }]) => [name, tf.keep(tf.tensor(data, shape))] as const),
    )
    const sizes = [...this.#facts.values()].map(({ shape }) => product(shape))
    const allValues = sizes.reduce((total, size) => total + size, 0)
    this.layout = { sizes: model, largestValue: Math.max(...sizes), allValues }
    for (const node of model.graph.nodes) {
      if (node.operation !== 'linear') continue
      const terms = node.terms.map((term) =>
        linearTerm(term, this.facts(term.input).shape, (name) => this.tensor(name), this.derive),
      )
      this.#terms.set(node.name, terms)
    }
  }

  facts(value: string): ValueFacts {
    return known(this.#facts, value)
  }

  terms(node: LinearGraphNode): readonly LinearTerm[] {
    return this.#terms.get(node.name) ?? []
  }

  tensor(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new RangeError(`no tensor '${name}'`)
    return tensor
  }

  /** Whether a node only scales and shifts pixels: what arrives is the pixels' own. */
  movesPixels(node: GraphNode): boolean {
    return this.facts(node.name).box !== undefined
  }

  describe(node: GraphNode): string {
    return describeGraphNode(node, this.model.graph.nodes.indexOf(node))
  }

  /** Computes a tensor once for the life of the model. */
  readonly derive = <Derived extends tf.Tensor>(key: string, compute: () => Derived): Derived => {
    const present = this.#derived.get(key)
    if (present !== undefined) return present as Derived
    const derived = tf.keep(tf.tidy(compute))
    this.#derived.set(key, derived)
    return derived
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([...this.#derived.values(), ...this.#tensors.values()])
    this.#derived.clear()
  }
}

export interface GraphLayout {
  readonly sizes: ModelSizes
  /** How many numbers the largest value of a sample holds. */
  readonly largestValue: number
  /** How many the values of all nodes hold together. */
  readonly allValues: number
}

/** `-l w+ - h w-` for a box of its own: see {@link boxPart}. */
export function boxOf({ low, high }: Box): WeightPart {
  return { name: `box ${low} ${high}`, of: (w) => boxPart(w, low, high) }
}

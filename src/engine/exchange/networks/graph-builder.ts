import { HeatproofError } from '../../../shared/errors.ts'
import {
  INPUT,
  MOST_NODES,
  type GraphDescription,
  type GraphNode,
  type Term,
} from '../../graph/description.ts'
import { factsOfNode, inputFacts, known, type ValueFacts } from '../../graph/shapes.ts'
import type { NamedTensor } from '../safetensors.ts'

/** A node as a builder takes it: it finds a name by itself. */
type Unnamed<Node> = Node extends GraphNode ? Omit<Node, 'name'> : never
export type NewNode = Unnamed<GraphNode>

/** Writes a graph down node by node. Every node is checked when it is added, under the name that it had where it comes from. */
export class GraphBuilder {
  readonly input: GraphDescription['input']
  readonly nodes: GraphNode[] = []
  readonly tensors = new Map<string, NamedTensor>()
  readonly #facts: Map<string, ValueFacts>
  /** Names the node that is being read, e.g. `Conv 'conv1' of net.onnx`. */
  where = ''

  constructor(input: GraphDescription['input']) {
    this.input = input
    this.#facts = new Map([[INPUT, inputFacts(input)]])
  }

  /** Adds a node and gives the name of its value: the wished one, or one like it that is free. */
  add(node: NewNode, wish: string): string {
    if (this.nodes.length >= MOST_NODES) {
      throw this.refuse(
        `more than ${MOST_NODES} operations, step by step,`,
        'fewer',
        'Give recurrent layers fewer steps: several columns of an image for each.',
      )
    }
    const name = this.#freeName(wish, (taken) => this.#facts.has(taken))
    const named: GraphNode = { ...node, name }
    this.#facts.set(name, factsOfNode(named, this.#facts, this.tensors, this.where))
    this.nodes.push(named)
    return name
  }

  /** A sum of terms, and a bias. */
  linear(terms: Term[], wish: string, bias?: string): string {
    return this.add({ operation: 'linear', terms, ...(bias !== undefined && { bias }) }, wish)
  }

  /** Keeps a tensor and gives its name; equal ones of one wish are kept once. */
  tensor(wish: string, tensor: NamedTensor): string {
    const isSame = (name: string) => {
      const present = this.tensors.get(name)
      return (
        present?.shape.join() === tensor.shape.join() &&
        present.data.every((value, index) => value === tensor.data[index])
      )
    }
    const name = this.#freeName(wish, (taken) => this.tensors.has(taken) && !isSame(taken))
    this.tensors.set(name, tensor)
    return name
  }

  shape(value: string): readonly number[] {
    return known(this.#facts, value).shape
  }

  isGate(value: string): boolean {
    return known(this.#facts, value).isGate
  }

  /** The error for a node that cannot be a graph's. */
  refuse(found: string, expected: string, advice?: string): HeatproofError {
    return new HeatproofError('bad_model', {
      found: `${found} at ${this.where}`,
      expected,
      advice:
        advice ??
        'Leave the operation out of the network, or write it with others; the user guide lists all.',
    })
  }

  #freeName(wish: string, isTaken: (name: string) => boolean): string {
    if (!isTaken(wish)) return wish
    for (let count = 2; ; count += 1) if (!isTaken(`${wish} ${count}`)) return `${wish} ${count}`
  }
}

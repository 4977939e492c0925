import * as tf from '@tensorflow/tfjs-core'
import type { Flow, FlowObserver, Rules, Signal } from '../models/propagate.ts'
import { describeNode, type Activation, type LinearNode, type Node } from '../models/nodes.ts'
import { addAll, type Tape } from '../models/tape.ts'
import type { RelevantLayer } from './denominators.ts'
import type { Explainer } from './explainers.ts'

/**
 * Watches a walk that conserves relevance: what every node of the tape gets must equal what it hands on, and so must
 * what every unit of a layer gets. A total can be right by accident; this cannot.
 *
 * Use it inside `tf.tidy`, and {@link dispose} it there.
 */
export class NodeWatch {
  readonly #tape: Tape
  readonly #explainer: Explainer
  /** [rows, units]: relevance of a layer's units. */
  readonly #units = new Map<RelevantLayer, tf.Tensor2D>()
  readonly #flows = new Map<RelevantLayer, Flow>()
  /** [rows]: what linear terms hand on. */
  readonly #handed = new Map<LinearNode, tf.Tensor1D>()
  /** [rows]: got minus handed on, of nodes that are no layers. */
  readonly #differences = new Map<Node, tf.Tensor1D>()

  constructor(tape: Tape, explainer: Explainer) {
    this.#tape = tape
    this.#explainer = explainer
  }

  readonly observe: FlowObserver = (node, flow) => {
    if (node.operation === 'relu' || node.operation === 'logits') this.#flows.set(node, flow)
  }

  /** The same rules, with an eye on what goes through them. */
  watching(rules: Rules): Rules {
    return {
      ...rules,
      relu: (node, signal) => {
        this.#units.set(node, tf.mul(node.value, signal))
        return rules.relu(node, signal)
      },
      linear: (node, flow, layer) => {
        const signal = rules.linear(node, flow, layer)
        if (signal !== undefined) this.#handed.set(node, tf.keep(this.#relevance(node.input, signal)))
        return signal
      },
      gate: (node, signal) => {
        const parts = rules.gate(node, signal)
        this.#compare(node, signal, [[node.signal, parts.signal]])
        return parts
      },
      sum: (node, signal) => {
        const parts = rules.sum(node, signal)
        this.#compare(node, signal, [
          [node.left, parts.left],
          [node.right, parts.right],
        ])
        return parts
      },
      pool: (node, signal) => {
        const part = rules.pool(node, signal)
        this.#compare(node, signal, [[node.input, part]])
        return part
      },
    }
  }

  /**
   * After the walk.
   *
   * @param starts [N, classes]: the relevance that the walk started with
   * @returns the nodes, and [nodes, N]: the largest difference of each over its units and steps
   */
  errors(starts: tf.Tensor2D): { names: string[]; errors: tf.Tensor2D } {
    const layers = [...this.#flows].map(([node, flow]) => {
      const units = this.#units.get(node) ?? starts
      return [node, this.#ofLayer(node, units, flow)] as const
    })
    const others = [...this.#differences].map(([node, difference]) => [node, tf.abs(difference)] as const)
    const all = [...layers, ...others].sort(([a], [b]) => b.index - a.index)
    const bySample = all.map(([, rows]) => tf.max(tf.reshape(rows, [-1, this.#tape.batchSize]), 0))
    return { names: all.map(([node]) => describeNode(node)), errors: tf.stack(bySample) as tf.Tensor2D }
  }

  dispose(): void {
    tf.dispose([...this.#handed.values()])
  }

  /** The larger of the layer's own error and that of its worst unit, by row. */
  #ofLayer(node: RelevantLayer, units: tf.Tensor2D, flow: Flow): tf.Tensor1D {
    const kept = this.#explainer.kept?.(this.#tape, node, flow)
    const parts = node.terms.map((term) => {
      const rows = this.#handed.get(term.operation === 'step' ? term.input : term)
      if (rows === undefined) throw new RangeError(`${describeNode(term)} handed on nothing`)
      const { batchSize } = this.#tape
      return term.operation === 'step' ? tf.slice(rows, term.t * batchSize, batchSize) : rows
    })
    const handed = addAll(kept === undefined ? parts : [...parts, kept.epsilon, kept.bias])
    const error = tf.abs(tf.sub(tf.sum(units, 1), handed))
    const outflow = this.#explainer.outflow?.(this.#tape, node, flow) ?? units
    return tf.maximum(error, tf.max(tf.abs(tf.sub(units, outflow)), 1))
  }

  #compare(node: Activation, signal: Signal, parts: readonly (readonly [Activation, Signal])[]): void {
    const handed = addAll(parts.map(([input, part]) => this.#relevance(input, part)))
    this.#differences.set(node, tf.sub(this.#relevance(node, signal), handed))
  }

  /** [rows] */
  #relevance(node: Activation, signal: Signal): tf.Tensor1D {
    const relevance =
      node.operation === 'pixels' ? this.#explainer.map(node.value, signal) : tf.mul(node.value, signal)
    return tf.sum(relevance, 1)
  }
}

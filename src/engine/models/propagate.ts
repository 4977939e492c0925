import * as tf from '@tensorflow/tfjs-core'
import { addAll } from './tape.ts'
import type {
  Activation,
  GateNode,
  LayerNode,
  LinearNode,
  LogitsNode,
  PoolNode,
  PreActivation,
  ReluNode,
  SigmoidNode,
  SumNode,
  Tape,
} from './tape.ts'

/**
 * What walks backwards to an activation: one tensor of its value's shape. For gradients it is df/dx; for relevance
 * the coefficient c in `R = x * c`, so that sums pass it on as it is and nothing is divided by x.
 */
export type Signal = tf.Tensor2D
/** What walks backwards to the terms of a layer: df/dz, or one or two ratios of relevance to a denominator. */
export type Flow = readonly tf.Tensor2D[]

/** A table of rules, one an operation: what a node hands on to its inputs. `undefined` hands on nothing. */
export interface Rules {
  relu(node: ReluNode, signal: Signal): Flow
  sigmoid(node: SigmoidNode, signal: Signal): Flow
  linear(node: LinearNode, flow: Flow): Signal | undefined
  gate(node: GateNode, signal: Signal): { signal: Signal; gate: Signal | undefined }
  sum(node: SumNode, signal: Signal): { left: Signal; right: Signal }
  pool(node: PoolNode, signal: Signal): Signal
}

/** Sees the flow that reaches the terms of a layer, or a linear term (stacked terms once, for all steps). */
export type FlowObserver = (node: LayerNode | LinearNode, flow: Flow) => void

/**
 * Walks the tape backwards once, from the logits to the pixels.
 *
 * @param start the flow to the terms of the logits
 * @returns what arrives at the pixels, [T*N, pixels of a step]; undefined when nothing does
 */
export function propagate(
  tape: Tape,
  logits: LogitsNode,
  start: Flow,
  rules: Rules,
  observe?: FlowObserver,
): Signal | undefined {
  const signals = new Map<Activation | SigmoidNode, Signal>()
  const flows = new Map<PreActivation, Flow>()
  const stepFlows = new Map<LinearNode, Map<number, Flow>>()

  const send = (node: Activation | SigmoidNode | undefined, signal: Signal | undefined) => {
    if (node === undefined || signal === undefined) return
    const earlier = signals.get(node)
    signals.set(node, earlier === undefined ? signal : tf.add(earlier, signal))
  }
  const sendToTerms = (node: LayerNode, flow: Flow) => {
    observe?.(node, flow)
    for (const term of node.terms) flows.set(term, flow)
  }

  sendToTerms(logits, start)
  for (const node of tape.nodes.slice(0, logits.index).reverse()) {
    if (node.operation === 'step') {
      const flow = flows.get(node)
      if (flow === undefined) continue
      const steps = stepFlows.get(node.input) ?? new Map<number, Flow>()
      stepFlows.set(node.input, steps.set(node.t, flow))
    } else if (node.operation === 'linear') {
      const flow = flows.get(node) ?? stackSteps(stepFlows.get(node), tape.steps)
      if (flow === undefined) continue
      observe?.(node, flow)
      const signal = tf.tidy(() => rules.linear(node, flow))
      send(node.input, signal)
    } else if (node.operation !== 'pixels' && node.operation !== 'logits') {
      const signal = signals.get(node)
      if (signal === undefined) continue
      switch (node.operation) {
        case 'relu':
          sendToTerms(node, rules.relu(node, signal))
          break
        case 'sigmoid':
          sendToTerms(node, rules.sigmoid(node, signal))
          break
        case 'gate': {
          const parts = rules.gate(node, signal)
          send(node.signal, parts.signal)
          send(node.gate, parts.gate)
          break
        }
        case 'sum': {
          const parts = rules.sum(node, signal)
          send(node.left, parts.left)
          send(node.right, parts.right)
          break
        }
        case 'pool':
          send(node.input, rules.pool(node, signal))
          break
        case 'stack':
          tf.split<Signal>(signal, tape.steps).forEach((step, t) => {
            send(node.inputs[t], step)
          })
          break
        case 'dropout':
          send(node.input, tf.mul(signal, node.mask))
          break
      }
    }
  }
  return signals.get(tape.pixels)
}

/** Joins the flows of all steps to stacked ones; a step that got nothing counts as 0. */
function stackSteps(steps: ReadonlyMap<number, Flow> | undefined, count: number): Flow | undefined {
  const some = steps?.values().next().value
  if (steps === undefined || some === undefined) return undefined
  return some.map((part, index) =>
    tf.concat(
      Array.from({ length: count }, (_, t) => steps.get(t)?.[index] ?? tf.zerosLike(part)),
      0,
    ),
  )
}

/** The single tensor of a flow that has one part. */
export function onlyPart(flow: Flow): tf.Tensor2D {
  return addAll(flow)
}

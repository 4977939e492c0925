import * as tf from '@tensorflow/tfjs-core'
import { addAll } from './tape.ts'
import type {
  Activation,
  GateNode,
  JointNode,
  LayerNode,
  LinearNode,
  LogitsNode,
  PoolNode,
  PreActivation,
  ReluNode,
  SigmoidNode,
  SumNode,
} from './nodes.ts'
import type { Tape } from './tape.ts'

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
  /** @param layer whose terms the flow reached: the node's own, or a part of its joint one */
  linear(node: LinearNode, flow: Flow, layer: string): Signal | undefined
  gate(node: GateNode, signal: Signal): { signal: Signal; gate: Signal | undefined }
  sum(node: SumNode, signal: Signal): { left: Signal; right: Signal }
  pool(node: PoolNode, signal: Signal): Signal
}

/** Sees the flow that reaches the terms of a layer, or a linear term (stacked terms once, for all steps). */
export type FlowObserver = (node: LayerNode | JointNode | LinearNode, flow: Flow, layer: string) => void

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
  const flowsOfParts = new Map<JointNode, LayerFlow[]>()
  const flows = new Map<PreActivation, LayerFlow>()
  const stepFlows = new Map<LinearNode, Map<number, LayerFlow>>()

  const send = (node: Activation | SigmoidNode | undefined, signal: Signal | undefined) => {
    if (node === undefined || signal === undefined) return
    const earlier = signals.get(node)
    signals.set(node, earlier === undefined ? signal : tf.add(earlier, signal))
  }
  const sendToTerms = (terms: readonly PreActivation[], sent: LayerFlow) => {
    for (const term of terms) flows.set(term, sent)
  }
  const leaveLayer = (node: LayerNode, flow: Flow) => {
    const { layer, joint, terms } = node
    observe?.(node, flow, layer)
    if (joint === undefined) sendToTerms(terms, { layer, flow })
    else flowsOfParts.set(joint, [...(flowsOfParts.get(joint) ?? []), { layer, flow }])
  }

  leaveLayer(logits, start)
  for (const node of tape.nodes.slice(0, logits.index).reverse()) {
    if (node.operation === 'step') {
      const sent = flows.get(node)
      if (sent === undefined) continue
      const steps = stepFlows.get(node.input) ?? new Map<number, LayerFlow>()
      stepFlows.set(node.input, steps.set(node.t, sent))
    } else if (node.operation === 'linear') {
      const sent = flows.get(node) ?? stackSteps(stepFlows.get(node), tape.steps)
      if (sent === undefined) continue
      const { layer, flow } = sent
      observe?.(node, flow, layer)
      const signal = tf.tidy(() => rules.linear(node, flow, layer))
      send(node.input, signal)
    } else if (node.operation === 'joint') {
      const parts = flowsOfParts.get(node)
      if (parts === undefined) continue
      const sent = joinParts(node, parts)
      observe?.(node, sent.flow, sent.layer)
      sendToTerms(node.terms, sent)
    } else if (node.operation !== 'pixels' && node.operation !== 'logits') {
      const signal = signals.get(node)
      if (signal === undefined) continue
      switch (node.operation) {
        case 'relu':
          leaveLayer(node, rules.relu(node, signal))
          break
        case 'sigmoid':
          leaveLayer(node, rules.sigmoid(node, signal))
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

/** What reaches the terms of a layer. */
interface LayerFlow {
  readonly layer: string
  readonly flow: Flow
}

/** What parts of a joint layer hand on: that of a single one as it is, that of several side by side, 0 where a part hands on nothing. */
function joinParts({ layer, layers }: JointNode, parts: readonly LayerFlow[]): LayerFlow {
  const [some] = parts
  if (some === undefined || parts.length === 1) return some ?? { layer, flow: [] }
  const flowOf = new Map(parts.map((part) => [part.layer, part.flow]))
  return {
    layer,
    flow: joinFlows(
      some.flow,
      layers.map((name) => flowOf.get(name)),
      1,
    ),
  }
}

/** Joins the flows of all steps to stacked ones; a step that got nothing counts as 0. */
function stackSteps(steps: ReadonlyMap<number, LayerFlow> | undefined, count: number): LayerFlow | undefined {
  const some = steps?.values().next().value
  if (steps === undefined || some === undefined) return undefined
  const ofSteps = Array.from({ length: count }, (_, t) => steps.get(t)?.flow)
  return { layer: some.layer, flow: joinFlows(some.flow, ofSteps, 0) }
}

/** Joins flows part by part along an axis; `undefined` counts as 0, in the shape of `some`. */
function joinFlows(some: Flow, flows: readonly (Flow | undefined)[], axis: number): Flow {
  return some.map((part, index) =>
    tf.concat(
      flows.map((flow) => flow?.[index] ?? tf.zerosLike(part)),
      axis,
    ),
  )
}

/** The single tensor of a flow that has one part. */
export function onlyPart(flow: Flow): tf.Tensor2D {
  return addAll(flow)
}

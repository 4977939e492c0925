import type { ArchitectureName } from '../../shared/names.ts'
import { convolve, convolveLaterally, dense, readOut, recur, recurWithGates } from './building-blocks.ts'
import type { Activation, LogitsNode } from './nodes.ts'
import type { Tape } from './tape.ts'

/** A layer `z = x W + b`: dense, or a 'same' convolution with stride 1. */
export interface Layer {
  /** What the layer reads, in the order of its weight's rows: 'pixels', layers, pools or states. */
  readonly inputs: readonly string[]
  /** Units (of a convolution: channels) of a newly made network; of a trained one its tensors decide. */
  readonly units: number | 'classes'
  /** `negative`: the effective bias is `-softplus(raw)`, never positive; `plain`: added as it is (gates). */
  readonly bias: 'negative' | 'plain'
  /** Side of a convolution's kernel in a newly made network; a dense layer has none. */
  readonly kernel?: number
}

/** A network: its layers, and its forward pass written once for explaining and for training. */
export interface Architecture {
  readonly layers: Readonly<Record<string, Layer>>
  readonly forward: (tape: Tape) => LogitsNode
}

/** Pooled values, with the layer that they pool. */
export const POOLS: Readonly<Record<string, string>> = { pool1: 'conv1', pool2: 'conv2' }
/** Layers that read the same inputs and are computed as one, whose units are theirs side by side: the four of an R-LSTM cell. */
export const JOINT_LAYERS: Readonly<Record<string, readonly string[]>> = {
  lstm: ['lstm.i', 'lstm.f', 'lstm.o', 'lstm.g'],
}
/** States that are no layer's own output, with the layer whose size they have. */
export const STATES: Readonly<Record<string, string>> = { h: 'lstm.g' }

const relu = (units: number, ...inputs: string[]): Layer => ({ inputs, units, bias: 'negative' })
const gate = (units: number, ...inputs: string[]): Layer => ({ inputs, units, bias: 'plain' })
const logits = (...inputs: string[]): Layer => ({ inputs, units: 'classes', bias: 'negative' })
const conv = (kernel: number, units: number, ...inputs: string[]): Layer => ({
  ...relu(units, ...inputs),
  kernel,
})

/** `hidden` of what is seen and the state, `state` of hidden; logits of `out1`. */
const recurrence = (seen: string) => ({
  hidden: relu(128, seen, 'state'),
  state: relu(256, 'hidden'),
  out1: relu(32, 'hidden'),
  logits: logits('out1'),
})

/** The R-LSTM cell; logits of its output. */
const gatedRecurrence = (units: number, seen: string) => ({
  'lstm.i': gate(units, seen, 'h'),
  'lstm.f': gate(units, seen, 'h'),
  'lstm.o': gate(units, seen, 'h'),
  'lstm.g': relu(units, seen, 'h'),
  logits: logits('h'),
})

const convolutions = {
  conv1: conv(5, 24, 'pixels'),
  conv2: conv(3, 32, 'pool1'),
  in1: relu(128, 'pool2'),
}

const lateralConvolutions = {
  ...convolutions,
  conv1: conv(5, 24, 'pixels', 'conv1'),
  conv2: conv(3, 32, 'pool1', 'conv2'),
}

function deep(tape: Tape, source: string, input: Activation): LogitsNode {
  const in1 = tape.dropout('in1', dense(tape, 'in1', source, input))
  return readOut(tape, recur(tape, tape.linear('hidden', 'in1', in1)))
}

function gated(tape: Tape, source: string, input: Activation): LogitsNode {
  const in1 = tape.dropout('in1', dense(tape, 'in1', source, input))
  return tape.logits([tape.linear('logits', 'h', recurWithGates(tape, 'in1', in1))])
}

/** The architectures of the method card, section 2, by name. */
export const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = {
  shallow: {
    layers: {
      hidden: relu(256, 'pixels', 'state'),
      state: relu(256, 'hidden'),
      logits: logits('hidden'),
    },
    forward(tape) {
      const hidden = recur(tape, tape.linear('hidden', 'pixels', tape.pixels))
      return tape.logits([tape.linear('logits', 'hidden', hidden)])
    },
  },
  deep: {
    layers: { in1: relu(256, 'pixels'), ...recurrence('in1') },
    forward: (tape) => deep(tape, 'pixels', tape.pixels),
  },
  deep_v2: {
    layers: { in1: relu(128, 'pixels'), in2: relu(256, 'in1'), ...recurrence('in2') },
    forward(tape) {
      const in1 = dense(tape, 'in1', 'pixels', tape.pixels)
      const in2 = tape.dropout('in2', dense(tape, 'in2', 'in1', in1))
      return readOut(tape, recur(tape, tape.linear('hidden', 'in2', in2)))
    },
  },
  convdeep: {
    layers: { ...convolutions, ...recurrence('in1') },
    forward: (tape) => deep(tape, 'pool2', convolve(tape)),
  },
  convdeep_lateral: {
    layers: { ...lateralConvolutions, ...recurrence('in1') },
    forward: (tape) => deep(tape, 'pool2', convolveLaterally(tape)),
  },
  rlstm: {
    layers: { in1: relu(256, 'pixels'), ...gatedRecurrence(72, 'in1') },
    forward: (tape) => gated(tape, 'pixels', tape.pixels),
  },
  convrlstm: {
    layers: { ...convolutions, ...gatedRecurrence(96, 'in1') },
    forward: (tape) => gated(tape, 'pool2', convolve(tape)),
  },
  convrlstm_lateral: {
    layers: { ...lateralConvolutions, ...gatedRecurrence(96, 'in1') },
    forward: (tape) => gated(tape, 'pool2', convolveLaterally(tape)),
  },
}

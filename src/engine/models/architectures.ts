import type { ArchitectureName } from '../../shared/names.ts'
import type { Activation, LinearNode, LogitsNode, PreActivation, Tape } from './tape.ts'

/** A dense layer `z = x W + b`. */
export interface Layer {
  /** What the layer reads, in the order of its weight's rows: 'pixels', layers or states. */
  readonly inputs: readonly string[]
  /** Units of a newly made network; of a trained one its tensors decide. */
  readonly units: number | 'classes'
  /** `negative`: the effective bias is `-softplus(raw)`, never positive; `plain`: added as it is (gates). */
  readonly bias: 'negative' | 'plain'
}

/** A network: its layers, and its forward pass written once for explaining and for training. */
export interface Architecture {
  readonly layers: Readonly<Record<string, Layer>>
  /** States that are no layer's own output, with the layer whose size they have. */
  readonly states: Readonly<Record<string, string>>
  readonly forward: (tape: Tape) => LogitsNode
}

const relu = (units: number, ...inputs: string[]): Layer => ({ inputs, units, bias: 'negative' })
const gate = (units: number, ...inputs: string[]): Layer => ({ inputs, units, bias: 'plain' })
const logits = (...inputs: string[]): Layer => ({ inputs, units: 'classes', bias: 'negative' })

const shallow: Architecture = {
  layers: {
    hidden: relu(256, 'pixels', 'state'),
    state: relu(256, 'hidden'),
    logits: logits('hidden'),
  },
  states: {},
  forward(tape) {
    const hidden = recur(tape, tape.linear('hidden', 'pixels', tape.pixels))
    return tape.logits([tape.linear('logits', 'hidden', hidden)])
  },
}

const deep: Architecture = {
  layers: {
    in1: relu(256, 'pixels'),
    hidden: relu(128, 'in1', 'state'),
    state: relu(256, 'hidden'),
    out1: relu(32, 'hidden'),
    logits: logits('out1'),
  },
  states: {},
  forward(tape) {
    const in1 = tape.dropout('in1', dense(tape, 'in1', 'pixels', tape.pixels))
    return readOut(tape, recur(tape, tape.linear('hidden', 'in1', in1)))
  },
}

const deepV2: Architecture = {
  layers: {
    in1: relu(128, 'pixels'),
    in2: relu(256, 'in1'),
    hidden: relu(128, 'in2', 'state'),
    state: relu(256, 'hidden'),
    out1: relu(32, 'hidden'),
    logits: logits('out1'),
  },
  states: {},
  forward(tape) {
    const in1 = dense(tape, 'in1', 'pixels', tape.pixels)
    const in2 = tape.dropout('in2', dense(tape, 'in2', 'in1', in1))
    return readOut(tape, recur(tape, tape.linear('hidden', 'in2', in2)))
  },
}

const rlstm: Architecture = {
  layers: {
    in1: relu(256, 'pixels'),
    'lstm.i': gate(72, 'in1', 'h'),
    'lstm.f': gate(72, 'in1', 'h'),
    'lstm.o': gate(72, 'in1', 'h'),
    'lstm.g': relu(72, 'in1', 'h'),
    logits: logits('h'),
  },
  states: { h: 'lstm.g' },
  forward(tape) {
    const in1 = tape.dropout('in1', dense(tape, 'in1', 'pixels', tape.pixels))
    return tape.logits([tape.linear('logits', 'h', recurWithGates(tape, 'in1', in1))])
  },
}

/** The architectures of the method card, section 2, by name. */
export const ARCHITECTURES: Readonly<Partial<Record<ArchitectureName, Architecture>>> = {
  shallow,
  deep,
  deep_v2: deepV2,
  rlstm,
}

function dense(tape: Tape, layer: string, source: string, input: Activation): Activation {
  return tape.relu(layer, [tape.linear(layer, source, input)])
}

/** Two ReLU layers that feed each other: `hidden` of what is seen and the state, `state` of hidden. Returns the last `hidden`. */
function recur(tape: Tape, seen: LinearNode): Activation {
  let hidden = tape.dropout('hidden', tape.relu('hidden', [tape.step(seen, 0)]), 0)
  for (let t = 1; t < tape.steps; t += 1) {
    const state = dense(tape, 'state', 'hidden', hidden)
    const terms = [tape.step(seen, t), tape.linear('hidden', 'state', state)]
    hidden = tape.dropout('hidden', tape.relu('hidden', terms), t)
  }
  return hidden
}

/** The R-LSTM cell: `c' = i*g + f*c`, `h' = o*c'` with a ReLU candidate g. Returns the last h. */
function recurWithGates(tape: Tape, source: string, input: Activation): Activation {
  const seen = {
    i: tape.linear('lstm.i', source, input),
    f: tape.linear('lstm.f', source, input),
    o: tape.linear('lstm.o', source, input),
    g: tape.linear('lstm.g', source, input),
  }
  const first = (name: keyof typeof seen): PreActivation[] => [tape.step(seen[name], 0)]
  let cell: Activation = tape.gate(tape.relu('lstm.g', first('g')), tape.sigmoid('lstm.i', first('i')))
  let h = tape.dropout('h', tape.gate(cell, tape.sigmoid('lstm.o', first('o'))), 0)
  for (let t = 1; t < tape.steps; t += 1) {
    const before = h
    const terms = (name: keyof typeof seen): PreActivation[] => [
      tape.step(seen[name], t),
      tape.linear(`lstm.${name}`, 'h', before),
    ]
    const written = tape.gate(tape.relu('lstm.g', terms('g')), tape.sigmoid('lstm.i', terms('i')))
    const remembered = tape.gate(cell, tape.sigmoid('lstm.f', terms('f')))
    cell = tape.sum(written, remembered)
    h = tape.dropout('h', tape.gate(cell, tape.sigmoid('lstm.o', terms('o'))), t)
  }
  return h
}

function readOut(tape: Tape, hidden: Activation): LogitsNode {
  const out1 = dense(tape, 'out1', 'hidden', hidden)
  return tape.logits([tape.linear('logits', 'out1', out1)])
}

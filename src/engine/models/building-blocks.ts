import type { Activation, LinearNode, LogitsNode } from './nodes.ts'
import type { Tape } from './tape.ts'

/** A ReLU layer with one input. */
export function dense(tape: Tape, layer: string, source: string, input: Activation): Activation {
  return tape.relu(layer, [tape.linear(layer, source, input)])
}

/** Two convolutions, each pooled, for all steps at once. */
export function convolve(tape: Tape): Activation {
  const pool1 = tape.pool('pool1', dense(tape, 'conv1', 'pixels', tape.pixels))
  return tape.pool('pool2', dense(tape, 'conv2', 'pool1', pool1))
}

/** The same with lateral connections: each convolution also reads its own output of the step before. */
export function convolveLaterally(tape: Tape): Activation {
  const pool1 = tape.pool('pool1', lateral(tape, 'conv1', 'pixels', tape.pixels))
  return tape.pool('pool2', lateral(tape, 'conv2', 'pool1', pool1))
}

/** Two ReLU layers that feed each other: `hidden` of what is seen and the state, `state` of hidden. Returns the last `hidden`. */
export function recur(tape: Tape, seen: LinearNode): Activation {
  let hidden = tape.dropout('hidden', tape.relu('hidden', [tape.step(seen, 0)]), 0)
  for (let t = 1; t < tape.steps; t += 1) {
    const state = dense(tape, 'state', 'hidden', hidden)
    const terms = [tape.step(seen, t), tape.linear('hidden', 'state', state)]
    hidden = tape.dropout('hidden', tape.relu('hidden', terms), t)
  }
  return hidden
}

/** The R-LSTM cell: `c' = i*g + f*c`, `h' = o*c'` with a ReLU candidate g. Returns the last h. */
export function recurWithGates(tape: Tape, source: string, input: Activation): Activation {
  const seen = tape.linear('lstm', source, input)
  const first = tape.joint('lstm', [tape.step(seen, 0)])
  let cell: Activation = tape.gate(tape.relu('lstm.g', first), tape.sigmoid('lstm.i', first))
  let h = tape.dropout('h', tape.gate(cell, tape.sigmoid('lstm.o', first)), 0)
  for (let t = 1; t < tape.steps; t += 1) {
    const four = tape.joint('lstm', [tape.step(seen, t), tape.linear('lstm', 'h', h)])
    const written = tape.gate(tape.relu('lstm.g', four), tape.sigmoid('lstm.i', four))
    const remembered = tape.gate(cell, tape.sigmoid('lstm.f', four))
    cell = tape.sum(written, remembered)
    h = tape.dropout('h', tape.gate(cell, tape.sigmoid('lstm.o', four)), t)
  }
  return h
}

/** Logits of a ReLU layer `out1` of the last `hidden`. */
export function readOut(tape: Tape, hidden: Activation): LogitsNode {
  const out1 = dense(tape, 'out1', 'hidden', hidden)
  return tape.logits([tape.linear('logits', 'out1', out1)])
}

/** A layer that reads its own output of the step before beside its input; its outputs of all steps, stacked. */
function lateral(tape: Tape, layer: string, source: string, input: Activation): Activation {
  const seen = tape.linear(layer, source, input)
  let output = tape.relu(layer, [tape.step(seen, 0)])
  const outputs = [output]
  for (let t = 1; t < tape.steps; t += 1) {
    output = tape.relu(layer, [tape.step(seen, t), tape.linear(layer, layer, output)])
    outputs.push(output)
  }
  return tape.stack(outputs)
}

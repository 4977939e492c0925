import type { Term } from '../../graph/description.ts'
import type { Constant } from './constants.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { biasOf, columnsOf, type Part, type RecurrentWeights } from './recurrent-weights.ts'

/** What a candidate or an output goes through; `linear` leaves it as it is. Gates are sigmoid. */
export type CellFunction = 'tanh' | 'relu' | 'linear'

export type CellKind =
  | { readonly kind: 'lstm'; readonly candidate: CellFunction; readonly output: CellFunction }
  /** `resetsAfter`: the reset gate meets the state after its product with the weights, not before. */
  | { readonly kind: 'gru'; readonly candidate: CellFunction; readonly resetsAfter: boolean }
  | { readonly kind: 'plain'; readonly candidate: CellFunction }

/** The names of what goes from step to step, [1, units] each; undefined stands for zeros. */
export interface CellState {
  readonly h: string | undefined
  /** The memory of an LSTM. */
  readonly c: string | undefined
}

interface NextState extends CellState {
  readonly h: string
}

/**
 * One step.
 *
 * @param x the name of what the step reads, [1, inputs]
 * @param at ends the names of the step's values, e.g. ` at 3`
 */
export type Cell = (x: string, before: CellState, at: string) => NextState

/** Writes the steps of a recurrent layer; its weights are kept once. Gates take no relevance: what they let through does. */
export function cellOf(builder: GraphBuilder, weights: RecurrentWeights, kind: CellKind, name: string): Cell {
  const writer = new CellWriter(builder, weights, name)
  switch (kind.kind) {
    case 'lstm':
      return lstm(writer, kind.candidate, kind.output)
    case 'gru':
      return kind.resetsAfter ? gruThatResetsAfter(writer, kind.candidate) : gru(writer, kind.candidate)
    case 'plain':
      return plain(writer, kind.candidate)
  }
}

/** `c' = f * c + i * g`, `h' = o * c'` */
function lstm(writer: CellWriter, candidate: CellFunction, output: CellFunction): Cell {
  const [gates, entering] = [writer.part('gates', ['i', 'f', 'o']), writer.part('candidate', ['g'])]
  return (x, { h, c }, at) => {
    const [i = '', f = '', o = ''] = writer.gates(gates(x, h, at), 3, at)
    const g = writer.activate(candidate, entering(x, h, at), `candidate${at}`)
    const written = writer.pass(g, i, `written${at}`)
    const memory =
      c === undefined ? written : writer.sum([written, writer.pass(c, f, `kept${at}`)], `memory${at}`)
    const shown = writer.activate(output, memory, `shown${at}`)
    return { h: writer.pass(shown, o, `h${at}`), c: memory }
  }
}

/** `h' = (1 - z) * g + z * h` with `g = x W + (r * h) R + b` */
function gru(writer: CellWriter, candidate: CellFunction): Cell {
  const [gates, entering] = [writer.part('gates', ['z', 'r']), writer.part('candidate', ['g'])]
  return (x, { h }, at) => {
    const [z = '', r = ''] = writer.gates(gates(x, h, at), 2, at)
    const reset = h === undefined ? undefined : writer.pass(h, r, `reset${at}`)
    const g = writer.activate(candidate, entering(x, reset, at), `candidate${at}`)
    return { h: blend(writer, g, h, z, at), c: undefined }
  }
}

/** The same with `g = x W + b + r * (h R + b')` */
function gruThatResetsAfter(writer: CellWriter, candidate: CellFunction): Cell {
  const [gates, seen] = [writer.part('gates', ['z', 'r']), writer.seen('candidate', ['g'])]
  const remembered = writer.remembered('candidate', ['g'])
  return (x, { h }, at) => {
    const [z = '', r = ''] = writer.gates(gates(x, h, at), 2, at)
    const past = remembered(h, at)
    const reset = past === undefined ? [] : [writer.pass(past, r, `reset${at}`)]
    const g = writer.activate(candidate, seen(x, reset, at), `candidate${at}`)
    return { h: blend(writer, g, h, z, at), c: undefined }
  }
}

function blend(writer: CellWriter, g: string, h: string | undefined, z: string, at: string): string {
  const written = writer.pass(g, writer.rest(z, `rest${at}`), `written${at}`)
  return h === undefined ? written : writer.sum([written, writer.pass(h, z, `kept${at}`)], `h${at}`)
}

function plain(writer: CellWriter, candidate: CellFunction): Cell {
  const entering = writer.part('sum', ['g'])
  return (x, { h }, at) => ({
    h: writer.activate(candidate, entering(x, h, at), `h${at}`),
    c: undefined,
  })
}

class CellWriter {
  readonly #builder: GraphBuilder
  readonly #weights: RecurrentWeights
  readonly #name: string

  constructor(builder: GraphBuilder, weights: RecurrentWeights, name: string) {
    this.#builder = builder
    this.#weights = weights
    this.#name = name
  }

  /** `x W + h R + b` of some parts: one sum, so that inputs and state share a denominator. */
  part(layer: string, parts: readonly Part[]): (x: string, h: string | undefined, at: string) => string {
    const input = this.#keep(`${layer}.weight`, this.#columns('input', parts))
    const state = this.#keep(`${layer}.recurrent`, this.#columns('state', parts))
    const bias = this.#keepBias(`${layer}.bias`, biasOf(this.#weights, parts))
    return (x, h, at) => {
      const terms: Term[] = [{ kind: 'dense', input: x, weight: input }]
      if (h !== undefined) terms.push({ kind: 'dense', input: h, weight: state })
      return this.#builder.linear(terms, this.#wish(`${layer} sum${at}`), bias)
    }
  }

  /** `x W + b`, and other values. */
  seen(layer: string, parts: readonly Part[]): (x: string, others: readonly string[], at: string) => string {
    const weight = this.#keep(`${layer}.weight`, this.#columns('input', parts))
    const bias = this.#keepBias(`${layer}.bias`, biasOf(this.#weights, parts, [this.#weights.inputBias]))
    return (x, others, at) => {
      const same = others.map((input) => ({ kind: 'same' as const, input }))
      const terms: Term[] = [{ kind: 'dense', input: x, weight }, ...same]
      return this.#builder.linear(terms, this.#wish(`${layer} sum${at}`), bias)
    }
  }

  /** `h R + b`; undefined where it is 0. */
  remembered(
    layer: string,
    parts: readonly Part[],
  ): (h: string | undefined, at: string) => string | undefined {
    const weight = this.#keep(`${layer}.recurrent`, this.#columns('state', parts))
    const bias = biasOf(this.#weights, parts, [this.#weights.stateBias])
    const tensor = this.#keepBias(`${layer}.recurrent bias`, bias)
    return (h, at) => {
      const wish = this.#wish(`${layer} state${at}`)
      if (h !== undefined) return this.#builder.linear([{ kind: 'dense', input: h, weight }], wish, tensor)
      return tensor === undefined ? undefined : this.#builder.add({ operation: 'constant', tensor }, wish)
    }
  }

  /** Sigmoid gates out of a sum of as many blocks. */
  gates(sum: string, count: number, at: string): string[] {
    const all = this.#builder.add(
      { operation: 'activation', function: 'sigmoid', input: sum },
      this.#wish(`gates${at}`),
    )
    const { units } = this.#weights
    return Array.from({ length: count }, (_, gate) =>
      this.#builder.add(
        { operation: 'slice', input: all, axis: 1, start: gate * units, count: units, stride: 1 },
        this.#wish(`gate ${gate + 1}${at}`),
      ),
    )
  }

  /** `1 - gate` */
  rest(gate: string, wish: string): string {
    const minus = this.#builder.tensor('minus one', { shape: [], data: Float32Array.of(-1) })
    const one = this.#builder.tensor('one', { shape: [], data: Float32Array.of(1) })
    return this.#builder.linear([{ kind: 'scale', input: gate, weight: minus }], this.#wish(wish), one)
  }

  pass(signal: string, gate: string, wish: string): string {
    return this.#builder.add({ operation: 'gate', signal, gate }, this.#wish(wish))
  }

  sum(inputs: readonly string[], wish: string): string {
    return this.#builder.linear(
      inputs.map((input) => ({ kind: 'same', input })),
      this.#wish(wish),
    )
  }

  activate(name: CellFunction, input: string, wish: string): string {
    if (name === 'linear') return input
    return this.#builder.add({ operation: 'activation', function: name, input }, this.#wish(wish))
  }

  #columns(of: 'input' | 'state', parts: readonly Part[]): Constant {
    return columnsOf(this.#weights, this.#weights[of], parts)
  }

  #keep(name: string, { shape, data }: Constant): string {
    return this.#builder.tensor(`${this.#name}.${name}`, { shape: [...shape], data: Float32Array.from(data) })
  }

  /** A bias is [1, units], as what it is added to. */
  #keepBias(name: string, bias: Constant | undefined): string | undefined {
    return bias && this.#keep(name, { ...bias, shape: [1, ...bias.shape] })
  }

  #wish(part: string): string {
    return `${this.#name} ${part}`
  }
}

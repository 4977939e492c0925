import type { GraphBuilder } from './graph-builder.ts'
import { cellOf, type CellKind, type CellState } from './recurrent-cells.ts'
import { misfitOf, type RecurrentWeights } from './recurrent-weights.ts'

/** As many values as a node of a graph may join. */
export const MOST_STEPS = 1000

/** A recurrent layer in one direction. */
export interface RecurrentDirection {
  readonly name: string
  readonly cell: CellKind
  readonly weights: RecurrentWeights
  /** Whether it reads the last step first. */
  readonly isReversed: boolean
  /** What it begins with; zeros unless given, [units] each. */
  readonly initial?: {
    readonly h?: readonly number[] | undefined
    readonly c?: readonly number[] | undefined
  }
}

export interface Unrolled {
  /** The name of what came out, for every step in the order of the input: [1, units] each. */
  readonly outputs: readonly string[]
  /** After the step that was read last. */
  readonly last: CellState & { readonly h: string }
}

/**
 * Writes a recurrent layer down step by step.
 *
 * @param input the name of a value [steps, inputs]
 * @throws HeatproofError `bad_model`: weights that do not fit the input, too many steps
 */
export function unroll(builder: GraphBuilder, input: string, direction: RecurrentDirection): Unrolled {
  const { name, weights, isReversed, initial = {} } = direction
  const [steps = 0, inputs = 0] = builder.shape(input)
  if (builder.shape(input).length !== 2 || steps > MOST_STEPS) {
    throw builder.refuse(
      `values of shape [batch, ${builder.shape(input).join(', ')}]`,
      `sequences of at most ${MOST_STEPS} steps: [batch, steps, inputs]`,
      'Give the layer the columns of an image as its steps.',
    )
  }
  const misfit = misfitOf(weights, inputs)
  if (misfit !== undefined) {
    throw builder.refuse(
      misfit.found,
      misfit.expected,
      'Check that the weights and the layer belong together.',
    )
  }
  const cell = cellOf(builder, weights, direction.cell, name)
  const order = Array.from({ length: steps }, (_, index) => (isReversed ? steps - 1 - index : index))
  const start = (state: 'h' | 'c') => constantRow(builder, initial[state], `${name} initial ${state}`)
  const outputs = Array<string>(steps).fill('')
  let before: CellState = { h: start('h'), c: start('c') }
  let last = ''
  for (const t of order) {
    const at = ` at ${t + 1}`
    const x = builder.add(
      { operation: 'slice', input, axis: 0, start: t, count: 1, stride: 1 },
      `${name} input${at}`,
    )
    const after = cell(x, before, at)
    last = after.h
    outputs[t] = last
    before = after
  }
  return { outputs, last: { h: last, c: before.c } }
}

function constantRow(
  builder: GraphBuilder,
  values: readonly number[] | undefined,
  name: string,
): string | undefined {
  if (values === undefined || values.every((value) => value === 0)) return undefined
  const tensor = builder.tensor(name, { shape: [1, values.length], data: Float32Array.from(values) })
  return builder.add({ operation: 'constant', tensor }, name)
}

/** What came out at every step, one after the other: [steps, units]. */
export function joinSteps(builder: GraphBuilder, outputs: readonly string[], name: string): string {
  return builder.add({ operation: 'concat', inputs: [...outputs], axis: 0 }, name)
}

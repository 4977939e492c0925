import { z } from 'zod'
import type { GraphBuilder } from '../networks/graph-builder.ts'
import type { CellKind } from '../networks/recurrent-cells.ts'
import type { Part, RecurrentWeights } from '../networks/recurrent-weights.ts'
import { joinSteps, unroll, type Unrolled } from '../networks/unroll.ts'
import type { KerasLayer } from './keras-config.ts'
import { optionsOf, Size } from './keras-options.ts'
import type { KerasCell, KerasWeights } from './keras-weights.ts'

const Recurrent = z.object({
  units: Size,
  activation: z.enum(['tanh', 'relu', 'linear']),
  recurrent_activation: z.literal('sigmoid').default('sigmoid'),
  use_bias: z.boolean(),
  return_sequences: z.boolean(),
  return_state: z.literal(false).default(false),
  go_backwards: z.boolean().default(false),
  stateful: z.literal(false).default(false),
  time_major: z.literal(false).default(false),
  reset_after: z.boolean().default(false),
})
type Recurrent = z.infer<typeof Recurrent>

const Inner = z.object({ class_name: z.string(), config: z.record(z.string(), z.unknown()) })
const Bidirectional = z.object({
  merge_mode: z.enum(['concat', 'sum']),
  layer: Inner,
  backward_layer: Inner.nullish(),
})

/** The blocks of the weights of each layer, in Keras's order. */
const PARTS: ReadonlyMap<string, readonly Part[]> = new Map([
  ['LSTM', ['i', 'f', 'g', 'o']],
  ['GRU', ['z', 'r', 'g']],
  ['SimpleRNN', ['g']],
])

/** The classes of layers that are unrolled. */
export const RECURRENT_LAYERS = [...PARTS.keys()]

interface Direction {
  readonly layer: Pick<KerasLayer, 'kind' | 'config'>
  readonly cell: KerasCell
  readonly name: string
}

/**
 * Writes an LSTM, GRU or SimpleRNN down, step by step.
 *
 * @returns the name of [steps, units] or, without return_sequences, of [units]
 * @throws HeatproofError `bad_model` naming the layer
 */
export function recur(
  builder: GraphBuilder,
  weights: KerasWeights,
  layer: KerasLayer,
  input: string,
): string {
  const direction = { layer, cell: 'cell', name: layer.name } as const
  const { unrolled, options } = unrollKeras(builder, weights, layer, direction, input)
  if (!options.return_sequences) return asRow(builder, unrolled.last.h, options.units, layer.name)
  return joinSteps(builder, asRead(unrolled, options), layer.name)
}

/** A recurrent layer and a second one that reads the last step first; what comes out of both belongs to the same step. */
export function recurBothWays(
  builder: GraphBuilder,
  weights: KerasWeights,
  layer: KerasLayer,
  input: string,
): string {
  const {
    merge_mode: mode,
    layer: forward,
    backward_layer: backward,
  } = optionsOf(builder, Bidirectional, layer)
  const turned = { ...forward.config, go_backwards: forward.config['go_backwards'] !== true }
  const directions: Direction[] = [
    { layer: kerasLayer(forward), cell: 'forward_layer/cell', name: layer.name },
    {
      layer: kerasLayer(backward ?? { ...forward, config: turned }),
      ...{ cell: 'backward_layer/cell', name: `${layer.name} backward` },
    },
  ]
  const both = directions.map((direction) => unrollKeras(builder, weights, layer, direction, input))
  const values = both.map(({ unrolled, options }, index) => {
    const name = `${directions[index]?.name ?? ''} ${mode}`
    if (!options.return_sequences) return asRow(builder, unrolled.last.h, options.units, name)
    const read = asRead(unrolled, options)
    return joinSteps(builder, index === 0 ? read : read.toReversed(), name)
  })
  if (mode === 'sum') {
    return builder.linear(
      values.map((value) => ({ kind: 'same', input: value })),
      layer.name,
    )
  }
  const axis = builder.shape(values[0] ?? '').length - 1
  return builder.add({ operation: 'concat', inputs: values, axis }, layer.name)
}

function kerasLayer({ class_name: kind, config }: z.infer<typeof Inner>): Direction['layer'] {
  return { kind, config }
}

/** What came out in the order in which it was computed, as Keras gives it. */
function asRead({ outputs }: Unrolled, { go_backwards: isReversed }: Recurrent): readonly string[] {
  return isReversed ? outputs.toReversed() : outputs
}

function asRow(builder: GraphBuilder, input: string, units: number, wish: string): string {
  return builder.add({ operation: 'reshape', input, shape: [units] }, wish)
}

/** @param owner the layer that the file names, which holds the direction */
function unrollKeras(
  builder: GraphBuilder,
  weights: KerasWeights,
  owner: KerasLayer,
  { layer, cell, name }: Direction,
  input: string,
): { unrolled: Unrolled; options: Recurrent } {
  const parts = PARTS.get(layer.kind)
  if (parts === undefined) {
    throw builder.refuse(`the class ${layer.kind} in both directions`, RECURRENT_LAYERS.join(', '))
  }
  const options = optionsOf(builder, Recurrent, layer)
  const inputs = builder.shape(input).at(-1) ?? 0
  const unrolled = unroll(builder, input, {
    name,
    cell: cellOf(layer.kind, options),
    weights: weightsOf(weights, owner, cell, { parts, inputs, ...options }),
    isReversed: options.go_backwards,
  })
  return { unrolled, options }
}

function cellOf(kind: string, { activation, reset_after: resetsAfter }: Recurrent): CellKind {
  if (kind === 'LSTM') return { kind: 'lstm', candidate: activation, output: activation }
  if (kind === 'GRU') return { kind: 'gru', candidate: activation, resetsAfter }
  return { kind: 'plain', candidate: activation }
}

function weightsOf(
  weights: KerasWeights,
  layer: KerasLayer,
  cell: KerasCell,
  { parts, inputs, units, ...options }: Recurrent & { parts: readonly Part[]; inputs: number },
): RecurrentWeights {
  const columns = parts.length * units
  const read = (name: string, place: number, shape: number[]) =>
    Array.from(weights.read(layer, name, place, shape, cell))
  const input = { shape: [inputs, columns], data: read('kernel', 0, [inputs, columns]) }
  const state = { shape: [units, columns], data: read('recurrent_kernel', 1, [units, columns]) }
  if (!options.use_bias) return { parts, units, input, state, inputBias: undefined, stateBias: undefined }
  const bias = read('bias', 2, options.reset_after ? [2, columns] : [columns])
  const row = (index: number) => ({
    shape: [columns],
    data: bias.slice(index * columns, (index + 1) * columns),
  })
  const stateBias = options.reset_after ? row(1) : undefined
  return { parts, units, input, state, inputBias: row(0), stateBias }
}

import type { NamedTensor } from '../safetensors.ts'
import { transposed, type Constant } from './constants.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { RecurrentLayer } from './layer-mapping.ts'
import type { CellKind } from './recurrent-cells.ts'
import type { Part, RecurrentWeights } from './recurrent-weights.ts'
import type { StateTensors } from './state-tensors.ts'
import { joinSteps, unroll, type Unrolled } from './unroll.ts'

/** The blocks of the weights of each layer, in PyTorch's order. */
const PARTS: Readonly<Record<RecurrentLayer['layer'], readonly Part[]>> = {
  LSTM: ['i', 'f', 'g', 'o'],
  GRU: ['r', 'z', 'g'],
  RNN: ['g'],
}

/**
 * Writes an LSTM, GRU or RNN of PyTorch down, layer by layer and step by step.
 *
 * @returns the name of [steps, units of both directions], or of [units of both directions] for one output
 * @throws HeatproofError `bad_model` naming the layer or the tensor
 */
export function recur(
  builder: GraphBuilder,
  state: StateTensors,
  layer: RecurrentLayer,
  input: string,
): string {
  const { name, num_layers: count, output } = layer
  const allSteps = (directions: readonly Unrolled[]) =>
    sideBySide(
      builder,
      directions.map(({ outputs }) => joinSteps(builder, outputs, name)),
      name,
    )
  let directions = unrollLayer(builder, state, layer, 0, input)
  for (let index = 1; index < count; index += 1) {
    directions = unrollLayer(builder, state, layer, index, allSteps(directions))
  }
  if (output === 'all') return allSteps(directions)
  const rows = directions.map(({ outputs, last }) => (output === 'last' ? (outputs.at(-1) ?? '') : last.h))
  const row = sideBySide(builder, rows, `${name} ${output}`)
  const [, units = 0] = builder.shape(row)
  return builder.add({ operation: 'reshape', input: row, shape: [units] }, name)
}

function unrollLayer(
  builder: GraphBuilder,
  state: StateTensors,
  layer: RecurrentLayer,
  index: number,
  input: string,
): Unrolled[] {
  const suffixes = layer.bidirectional ? ['', '_reverse'] : ['']
  return suffixes.map((suffix) =>
    unroll(builder, input, {
      name: `${layer.name}.l${index}${suffix}`,
      cell: cellOf(layer),
      weights: weightsOf(state, layer, `l${index}${suffix}`),
      isReversed: suffix !== '',
    }),
  )
}

/** What both directions have for the same steps, the units of the second behind those of the first. */
function sideBySide(builder: GraphBuilder, values: readonly string[], name: string): string {
  const [first = ''] = values
  return values.length === 1
    ? first
    : builder.add({ operation: 'concat', inputs: [...values], axis: 1 }, name)
}

function cellOf(layer: RecurrentLayer): CellKind {
  switch (layer.layer) {
    case 'LSTM':
      return { kind: 'lstm', candidate: 'tanh', output: 'tanh' }
    case 'GRU':
      return { kind: 'gru', candidate: 'tanh', resetsAfter: true }
    case 'RNN':
      return { kind: 'plain', candidate: layer.nonlinearity }
  }
}

/** PyTorch has a row for each unit where a graph has a column. */
function weightsOf(state: StateTensors, { layer, name }: RecurrentLayer, suffix: string): RecurrentWeights {
  const columns = (kind: 'ih' | 'hh') =>
    transposed(constantOf(state.tensor(`${name}.weight_${kind}_${suffix}`, 2)), [1, 0])
  const bias = (kind: 'ih' | 'hh') => {
    const tensor = state.optional(`${name}.bias_${kind}_${suffix}`)
    return tensor && constantOf(tensor)
  }
  const recurrent = columns('hh')
  return {
    parts: PARTS[layer],
    units: recurrent.shape[0] ?? 0,
    input: columns('ih'),
    state: recurrent,
    inputBias: bias('ih'),
    stateBias: bias('hh'),
  }
}

function constantOf({ shape, data }: NamedTensor): Constant {
  return { shape, data: Array.from(data) }
}

import type { PairRequest, PairSide } from '../../shared/contract/compare.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { valueAt } from '../review/coded-column.ts'
import type { MapColumns } from '../review/map-columns.ts'

/** Two maps of one sample that explain the same class. */
export interface PairedMaps {
  sampleId: number
  /** Ids of the maps. */
  a: number
  b: number
  target: number
}

export interface Pairs {
  /** By ascending sample id. */
  pairs: PairedMaps[]
  /** Samples with maps of both sides that explain other classes. */
  unpaired: number
}

/**
 * The maps of two sides, pair by pair: of a sample both explain its label, the class that A's model predicts, or the asked class.
 * Of several maps of one side and class the newest counts. Looks at the columns in memory alone.
 *
 * @param samples ids of the samples that count; absent: all
 * @throws HeatproofError `bad_argument` when both sides are the same
 */
export function pairsOf(
  columns: MapColumns,
  { a, b, target: kind }: Omit<PairRequest, 'queueId'>,
  samples?: ReadonlySet<number>,
): Pairs {
  requireTwoSides(a, b)
  const { facts, mapIds, sampleIds } = columns
  const wanted = new Map<number, { a: number; target: number }>()
  const [seenA, seenBoth] = [new Set<number>(), new Set<number>()]
  for (const row of rowsOf(columns, a)) {
    const sampleId = sampleIds[row] ?? 0
    if (samples?.has(sampleId) === false) continue
    const target = valueAt(facts.target, row)
    seenA.add(sampleId)
    if (target === askedClass(facts, row, kind)) {
      wanted.set(sampleId, { a: mapIds[row] ?? 0, target })
    }
  }
  const paired = new Map<number, PairedMaps>()
  for (const row of rowsOf(columns, b)) {
    const sampleId = sampleIds[row] ?? 0
    if (seenA.has(sampleId)) seenBoth.add(sampleId)
    const partner = wanted.get(sampleId)
    if (partner?.target === valueAt(facts.target, row)) {
      paired.set(sampleId, { sampleId, b: mapIds[row] ?? 0, ...partner })
    }
  }
  const pairs = [...paired.values()].sort((one, other) => one.sampleId - other.sampleId)
  return { pairs, unpaired: seenBoth.size - pairs.length }
}

function askedClass(facts: MapColumns['facts'], row: number, kind: PairRequest['target']): number {
  if (typeof kind === 'number') return kind
  return valueAt(kind === 'label' ? facts.label : facts.predicted, row)
}

function* rowsOf({ facts, count }: MapColumns, { modelId, method }: PairSide): Generator<number> {
  const [model, name] = [facts.model.values.indexOf(modelId), facts.method.values.indexOf(method)]
  for (let row = 0; row < count; row += 1) {
    if (facts.model.codes[row] === model && facts.method.codes[row] === name) yield row
  }
}

function requireTwoSides(a: PairSide, b: PairSide): void {
  if (a.modelId !== b.modelId || a.method !== b.method) return
  throw new HeatproofError('bad_argument', {
    found: `${a.method} of model ${a.modelId} on both sides`,
    expected: 'two methods of a model, or two models',
    advice: 'Choose another method or model for one side.',
  })
}

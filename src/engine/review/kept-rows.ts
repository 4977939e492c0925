import { METRICS, type MetricName } from '../../shared/names.ts'
import { valueAt, writerOf, type CodedColumn } from './coded-column.ts'
import type { FactColumns } from './fact-columns.ts'
import type { MapColumns } from './map-columns.ts'
import type { ShareColumns } from './share-columns.ts'

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Copies of the columns with these rows alone. */
export function keptRows(columns: MapColumns, rows: Uint32Array): MapColumns {
  return {
    count: rows.length,
    mapIds: kept(columns.mapIds, rows),
    sampleIds: kept(columns.sampleIds, rows),
    facts: keptFacts(columns.facts, rows),
    peaks: kept(columns.peaks, rows),
    values: keptValues(columns.values, rows),
    reviewers: columns.reviewers.map(({ reviewer, verdicts, modes }) => ({
      reviewer,
      verdicts: kept(verdicts, rows),
      modes: kept(modes, rows),
    })),
    lookUp: columns.lookUp,
  }
}

/** Copies of the shares of these maps alone. */
export function keptShares({ starts, ...columns }: ShareColumns, rows: Uint32Array): ShareColumns {
  const newStarts = new Uint32Array(rows.length + 1)
  const items = new Uint32Array(starts.at(-1) ?? 0)
  let end = 0
  rows.forEach((row, index) => {
    for (let item = starts[row] ?? 0; item < (starts[row + 1] ?? 0); item += 1) items[end++] = item
    newStarts[index + 1] = end
  })
  const wanted = items.subarray(0, end)
  return {
    starts: newStarts,
    shares: kept(columns.shares, wanted),
    sharesPositive: kept(columns.sharesPositive, wanted),
    marks: kept(columns.marks, wanted),
  }
}

function kept<Kind extends Column>(column: Kind, rows: Uint32Array): Kind {
  const shorter = column.slice(0, rows.length) as Kind
  rows.forEach((row, index) => (shorter[index] = column[row] ?? 0))
  return shorter
}

/** Values that no row has any more go too. */
function keptCodes<Value extends string | number | boolean>(
  column: CodedColumn<Value>,
  rows: Uint32Array,
): CodedColumn<Value> {
  const shorter = { codes: new Uint16Array(rows.length), values: [] }
  const write = writerOf<Value>(shorter)
  rows.forEach((row, index) => write(index, valueAt(column, row)))
  return shorter
}

function keptFacts(facts: FactColumns, rows: Uint32Array): FactColumns {
  return {
    dataset: keptCodes(facts.dataset, rows),
    sampleSet: keptCodes(facts.sampleSet, rows),
    architecture: keptCodes(facts.architecture, rows),
    model: keptCodes(facts.model, rows),
    method: keptCodes(facts.method, rows),
    fold: keptCodes(facts.fold, rows),
    label: keptCodes(facts.label, rows),
    correct: keptCodes(facts.correct, rows),
    explained: keptCodes(facts.explained, rows),
    target: keptCodes(facts.target, rows),
    mapState: keptCodes(facts.mapState, rows),
    predicted: keptCodes(facts.predicted, rows),
  }
}

function keptValues(
  values: Record<MetricName, Float64Array>,
  rows: Uint32Array,
): Record<MetricName, Float64Array> {
  const shorter = { ...values }
  for (const metric of METRICS) shorter[metric] = kept(values[metric], rows)
  return shorter
}

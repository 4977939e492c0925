import type { Database } from 'better-sqlite3'
import type { FigureRequest } from '../../shared/contract/figures.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import { METRICS } from '../../shared/names.ts'
import { withheldFrom } from '../review/blind.ts'
import type { CodedColumn } from '../review/coded-column.ts'
import { consensusAt } from '../review/consensus-at.ts'
import { matchingRows } from '../review/filter.ts'
import type { MapColumns } from '../review/map-columns.ts'
import type { MapTable } from '../review/map-table.ts'
import { baseSequences } from '../workspace/samples.ts'
import { selectNumber } from '../workspace/statements.ts'
import type { FigureMaps } from './figure-maps.ts'

export interface FigureSelection {
  maps: FigureMaps
  /** Maps that match and explain a class that is neither label nor prediction: they are left out. */
  otherClass: number
  /** Maps that match and that the engine withholds from whoever asks: they are left out. */
  withheld: number
}

/**
 * The maps that match a request, as they are at this moment: later verdicts and calibrations change nothing in them. What a blind
 * queue withholds from a reviewer is left out, since a figure of one map would tell what the queue hides.
 */
export async function readFigureMaps(
  { database, maps: table }: { database: Database; maps: MapTable },
  { filter, auditedOnly }: Pick<FigureRequest, 'filter' | 'auditedOnly'>,
  caller: Caller,
): Promise<FigureSelection> {
  const columns = await table.ready()
  const hidden = withheldFrom(database, caller)
  const others = columns.facts.explained.values.indexOf('other')
  const counts = { otherClass: 0, withheld: 0 }
  const rows = matchingRows(columns, filter).filter((row) => {
    if (auditedOnly && !isAccepted(columns, row)) return false
    if (hidden.size > 0 && hidden.has(columns.mapIds[row] ?? 0)) {
      counts.withheld += 1
      return false
    }
    if (columns.facts.explained.codes[row] !== others) return true
    counts.otherClass += 1
    return false
  })
  return { maps: mapsAt(columns, table.shares, rows, sequenceOfSamples(database)), ...counts }
}

function isAccepted({ reviewers }: MapColumns, row: number): boolean {
  return reviewers.some(({ verdicts }) => verdicts[row] !== 0) && consensusAt(reviewers, row) === 'accept'
}

function mapsAt(
  columns: MapColumns,
  { starts, shares, sharesPositive, marks }: MapTable['shares'],
  rows: Uint32Array,
  sequenceOf: Uint32Array,
): FigureMaps {
  const { facts, values } = columns
  const sampleIds = rows.map((row) => columns.sampleIds[row] ?? 0)
  const stored = new Map(METRICS.map((metric) => [metric as string, values[metric]]))
  return {
    count: rows.length,
    mapIds: rows.map((row) => columns.mapIds[row] ?? 0),
    sampleIds,
    sequences: sampleIds.map((id) => sequenceOf[id] ?? id),
    sequenceRoom: sequenceOf.length,
    dataset: codesAt(facts.dataset, rows),
    architecture: codesAt(facts.architecture, rows),
    method: codesAt(facts.method, rows),
    fold: codesAt(facts.fold, rows),
    label: codesAt(facts.label, rows),
    starts: rows.map((row) => starts[row] ?? 0),
    ends: rows.map((row) => starts[row + 1] ?? 0),
    shares,
    sharesPositive,
    marks,
    peaks: floatsAt(columns.peaks, rows),
    stored: (metric) => floatsAt(stored.get(metric) ?? new Float64Array(), rows),
  }
}

function codesAt<Value extends string | number | boolean>(
  { codes, values }: CodedColumn<Value>,
  rows: Uint32Array,
): CodedColumn<Value> {
  const own = new Uint16Array(rows.length)
  for (let index = 0; index < rows.length; index += 1) own[index] = codes[rows[index] ?? 0] ?? 0
  return { codes: own, values: [...values] }
}

function floatsAt(column: Float64Array, rows: Uint32Array): Float64Array {
  const own = new Float64Array(rows.length)
  for (let index = 0; index < rows.length; index += 1) own[index] = column[rows[index] ?? 0] ?? NaN
  return own
}

const known = new WeakMap<Database, Uint32Array>()

/** The base sequence of every sample by its id, read again when there are more samples: they never change. */
function sequenceOfSamples(database: Database): Uint32Array {
  const room = 1 + selectNumber(database, 'SELECT coalesce(max(id), 0) FROM samples', {})
  const before = known.get(database)
  if (before?.length === room) return before
  const sequences = new Uint32Array(room)
  for (const [id, base] of baseSequences(database)) sequences[id] = base
  known.set(database, sequences)
  return sequences
}

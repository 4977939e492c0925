import type { MapFilter } from '../../shared/contract/common.ts'
import { METRICS, type MetricName } from '../../shared/names.ts'
import { wantedCodes, type CodedColumn } from './coded-column.ts'
import type { FactColumns } from './fact-columns.ts'
import type { MapColumns } from './map-columns.ts'
import { refusedBySearch } from './search.ts'
import { verdictTest, wantedVerdicts } from './verdict-filter.ts'

export const FACT_NAMES = [
  'dataset',
  'sampleSet',
  'architecture',
  'model',
  'method',
  'fold',
  'label',
  'correct',
  'explained',
  'target',
  'mapState',
] as const satisfies (keyof FactColumns)[]
export type FactName = (typeof FACT_NAMES)[number]

/** What a restriction belongs to; the three verdict facets ask for one verdict together. */
export type RestrictionName = FactName | 'verdict' | 'sample' | 'search' | MetricName

/** A part of a filter, and the rows that it refuses (1) or lets through (0). */
interface Restriction {
  name: RestrictionName
  refused: Uint8Array
}

/** The parts of a filter; a map matches when none refuses it. */
export function restrictionsOf(columns: MapColumns, filter: MapFilter): Restriction[] {
  const { facts, sampleIds, count } = columns
  const { sample, correct, search } = filter
  const restrictions: Restriction[] = []
  const want = <Value extends string | number | boolean>(
    name: FactName,
    column: CodedColumn<Value>,
    wanted: readonly Value[] | undefined,
  ) => {
    if (wanted !== undefined) restrictions.push({ name, refused: refusedByCode(column, wanted) })
  }
  want('dataset', facts.dataset, filter.dataset)
  want('sampleSet', facts.sampleSet, filter.sampleSet)
  want('architecture', facts.architecture, filter.architecture)
  want('model', facts.model, filter.model)
  want('method', facts.method, filter.method)
  want('fold', facts.fold, filter.fold)
  want('label', facts.label, filter.label)
  want('correct', facts.correct, correct === undefined ? undefined : [correct])
  want('explained', facts.explained, filter.explained)
  want('target', facts.target, filter.target)
  want('mapState', facts.mapState, filter.mapState)
  if (sample !== undefined) {
    restrictions.push({ name: 'sample', refused: Uint8Array.from(sampleIds, (id) => Number(id !== sample)) })
  }
  if (search !== undefined) {
    restrictions.push({ name: 'search', refused: refusedBySearch(columns, search) })
  }
  for (const metric of METRICS) {
    const ranges = filter.ranges?.filter((range) => range.metric === metric) ?? []
    if (ranges.length > 0) {
      restrictions.push({ name: metric, refused: refusedByRanges(columns.values[metric], ranges) })
    }
  }
  const wanted = wantedVerdicts(columns, filter)
  if (wanted !== null) {
    const matches = verdictTest(columns, wanted)
    const refused = new Uint8Array(count)
    for (let row = 0; row < count; row += 1) refused[row] = Number(!matches(row))
    restrictions.push({ name: 'verdict', refused })
  }
  return restrictions
}

function refusedByCode<Value extends string | number | boolean>(
  column: CodedColumn<Value>,
  wanted: readonly Value[],
): Uint8Array {
  const isWanted = wantedCodes(column, wanted)
  const { codes } = column
  const refused = new Uint8Array(codes.length)
  for (let row = 0; row < codes.length; row += 1) refused[row] = 1 - (isWanted[codes[row] ?? 0] ?? 0)
  return refused
}

function refusedByRanges(values: Float64Array, ranges: readonly { low: number; high: number }[]): Uint8Array {
  const low = Math.max(...ranges.map((range) => range.low))
  const high = Math.min(...ranges.map((range) => range.high))
  const refused = new Uint8Array(values.length)
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? NaN
    refused[row] = value >= low && value <= high ? 0 : 1
  }
  return refused
}

/** In {@link refusersOf}: no restriction refuses the row, or more than one. */
const NOBODY = 255
const SEVERAL = 254

/** For each row the index of the one restriction that refuses it, `NOBODY` or `SEVERAL`. */
export function refusersOf(count: number, restrictions: readonly Restriction[]): Uint8Array {
  const refusers = new Uint8Array(count).fill(NOBODY)
  restrictions.forEach(({ refused }, index) => {
    for (let row = 0; row < count; row += 1) {
      if (refused[row] === 1) refusers[row] = refusers[row] === NOBODY ? index : SEVERAL
    }
  })
  return refusers
}

/** Rows that no restriction refuses, or that only the one with the index `own` refuses; ascending. */
export function passingRows(refusers: Uint8Array, own = NOBODY): Uint32Array {
  const rows = new Uint32Array(refusers.length)
  let found = 0
  for (let row = 0; row < refusers.length; row += 1) {
    const refuser = refusers[row]
    if (refuser === NOBODY || refuser === own) rows[found++] = row
  }
  return rows.slice(0, found)
}

/** Rows that match, ascending. */
export function matchingRows(columns: MapColumns, filter: MapFilter): Uint32Array {
  return passingRows(refusersOf(columns.count, restrictionsOf(columns, filter)))
}

/** Ids of the maps that match, ascending. */
export function matchingMapIds(columns: MapColumns, filter: MapFilter): number[] {
  return Array.from(matchingRows(columns, filter), (row) => columns.mapIds[row] ?? 0)
}

import type { MapFilter } from '../../shared/contract/common.ts'
import { METRICS, type MetricName } from '../../shared/names.ts'
import { wantedCodes, type CodedColumn } from './coded-column.ts'
import type { FactColumns, MapColumns } from './map-table.ts'
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
  'mapState',
] as const satisfies (keyof FactColumns)[]
export type FactName = (typeof FACT_NAMES)[number]

/** What a restriction belongs to; the three verdict facets ask for one verdict together. */
export type RestrictionName = FactName | 'verdict' | 'sample' | MetricName

/** A part of a filter: marks the rows that it refuses. */
interface Restriction {
  name: RestrictionName
  refuses: (row: number) => boolean
}

/** The parts of a filter; a map matches when none refuses it. */
export function restrictionsOf(columns: MapColumns, filter: MapFilter): Restriction[] {
  const { facts, sampleIds, values } = columns
  const restrictions: Restriction[] = []
  const wantOf = <Value extends string | number | boolean>(
    name: FactName,
    column: CodedColumn<Value>,
    wanted: readonly Value[] | undefined,
  ) => {
    if (wanted === undefined) return
    const codes = wantedCodes(column, wanted)
    restrictions.push({ name, refuses: (row) => codes[column.codes[row] ?? 0] !== 1 })
  }
  wantOf('dataset', facts.dataset, filter.dataset)
  wantOf('sampleSet', facts.sampleSet, filter.sampleSet)
  wantOf('architecture', facts.architecture, filter.architecture)
  wantOf('model', facts.model, filter.model)
  wantOf('method', facts.method, filter.method)
  wantOf('fold', facts.fold, filter.fold)
  wantOf('label', facts.label, filter.label)
  wantOf('correct', facts.correct, filter.correct === undefined ? undefined : [filter.correct])
  wantOf('mapState', facts.mapState, filter.mapState)
  const { sample } = filter
  if (sample !== undefined) restrictions.push({ name: 'sample', refuses: (row) => sampleIds[row] !== sample })
  for (const metric of METRICS) {
    const ranges = filter.ranges?.filter((range) => range.metric === metric) ?? []
    if (ranges.length === 0) continue
    const column = values[metric]
    restrictions.push({
      name: metric,
      refuses: (row) => {
        const value = column[row] ?? NaN
        return !ranges.every(({ low, high }) => value >= low && value <= high)
      },
    })
  }
  const wanted = wantedVerdicts(columns, filter)
  if (wanted !== null) {
    const matches = verdictTest(columns, wanted)
    restrictions.push({ name: 'verdict', refuses: (row) => !matches(row) })
  }
  return restrictions
}

/** How many restrictions refuse each row, and which one where there is exactly one. */
export interface Refusals {
  counts: Uint8Array
  /** Index of the restriction that refused last. */
  by: Uint8Array
}

export function refusalsOf(count: number, restrictions: readonly Restriction[]): Refusals {
  const counts = new Uint8Array(count)
  const by = new Uint8Array(count)
  restrictions.forEach(({ refuses }, index) => {
    for (let row = 0; row < count; row += 1) {
      if (!refuses(row)) continue
      counts[row] = (counts[row] ?? 0) + 1
      by[row] = index
    }
  })
  return { counts, by }
}

/** Rows that match, ascending. */
export function matchingRows(columns: MapColumns, filter: MapFilter): Uint32Array {
  const { counts } = refusalsOf(columns.count, restrictionsOf(columns, filter))
  const rows = new Uint32Array(columns.count)
  let found = 0
  for (let row = 0; row < columns.count; row += 1) {
    if (counts[row] === 0) rows[found++] = row
  }
  return rows.slice(0, found)
}

/** Ids of the maps that match, ascending. */
export function matchingMapIds(columns: MapColumns, filter: MapFilter): number[] {
  return Array.from(matchingRows(columns, filter), (row) => columns.mapIds[row] ?? 0)
}

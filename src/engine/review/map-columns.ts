import { METRICS, PIXEL_METRICS, type MetricName } from '../../shared/names.ts'
import { hasTau } from '../metrics/score.ts'
import { float64FromBlob } from '../workspace/blobs.ts'
import type { MapFacts } from '../workspace/map-scans.ts'
import { emptyFacts, factsWithRoom, type FactColumns } from './fact-columns.ts'
import type { ReviewerColumn } from './reviewer-columns.ts'
import type { LookUp } from './search.ts'
import { fillCapped, type ShareColumns } from './share-columns.ts'

/** One row a map, by ascending map id. */
export interface MapColumns {
  count: number
  mapIds: Uint32Array
  sampleIds: Uint32Array
  facts: FactColumns
  /** Largest absolute value of a pixel. */
  peaks: Float64Array
  /** NaN where the metric is undefined. */
  values: Record<MetricName, Float64Array>
  reviewers: ReviewerColumn[]
  lookUp: LookUp
}

/** Index of a map among the columns' rows, -1 when it is not there. */
export function rowOfMap({ mapIds }: Pick<MapColumns, 'mapIds'>, mapId: number): number {
  let low = 0
  let high = mapIds.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = mapIds[middle] ?? 0
    if (found === mapId) return middle
    if (found < mapId) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** Gives a map's value of the metric, null where it is undefined. */
export function valuesOf(columns: MapColumns, metric: MetricName): (mapId: number) => number | null {
  return (mapId) => {
    const value = columns.values[metric][rowOfMap(columns, mapId)] ?? NaN
    return Number.isNaN(value) ? null : value
  }
}

export function emptyColumns(lookUp: LookUp): MapColumns {
  return {
    count: 0,
    mapIds: new Uint32Array(),
    sampleIds: new Uint32Array(),
    facts: emptyFacts(),
    peaks: new Float64Array(),
    values: byMetric(() => new Float64Array()),
    reviewers: [],
    lookUp,
  }
}

function byMetric(make: (metric: MetricName) => Float64Array): Record<MetricName, Float64Array> {
  return {
    percentage: make('percentage'),
    capped_percentage: make('capped_percentage'),
    cosine: make('cosine'),
    dominance: make('dominance'),
    percentage_positive: make('percentage_positive'),
    capped_percentage_positive: make('capped_percentage_positive'),
    cosine_positive: make('cosine_positive'),
    dominance_positive: make('dominance_positive'),
    mass_accuracy: make('mass_accuracy'),
    mass_accuracy_signed: make('mass_accuracy_signed'),
    rank_accuracy: make('rank_accuracy'),
    pointing_game: make('pointing_game'),
    stroke_auc: make('stroke_auc'),
    gini: make('gini'),
    entropy: make('entropy'),
  }
}

/** Columns for `count` maps, with the rows that are there; those of reviewers are left out. */
export function columnsWithRoom(
  { mapIds, sampleIds, facts, peaks, values, lookUp }: MapColumns,
  count: number,
): MapColumns {
  return {
    count,
    mapIds: idsWithRoom(mapIds, count),
    sampleIds: idsWithRoom(sampleIds, count),
    facts: factsWithRoom(facts, count),
    peaks: peaksWithRoom(peaks, count),
    values: lengthen(values, count),
    reviewers: [],
    lookUp,
  }
}

function lengthen(values: Record<MetricName, Float64Array>, count: number): Record<MetricName, Float64Array> {
  return byMetric((metric) => {
    const longer = new Float64Array(count).fill(NaN, values[metric].length)
    longer.set(values[metric])
    return longer
  })
}

function idsWithRoom(column: Uint32Array, count: number): Uint32Array {
  const longer = new Uint32Array(count)
  longer.set(column)
  return longer
}

function peaksWithRoom(peaks: Float64Array, count: number): Float64Array {
  const longer = new Float64Array(count)
  longer.set(peaks)
  return longer
}

/**
 * Writes the stored metrics by pixel of maps into their rows from `first` on; NaN for maps that have none.
 *
 * @param startOf where in `measured` they begin
 */
export function writePixelScores(
  values: MapColumns['values'],
  first: number,
  maps: readonly MapFacts[],
  startOf: (map: MapFacts) => number,
): void {
  const columns = PIXEL_METRICS.map((metric) => values[metric])
  maps.forEach((map, index) => {
    const bytes = map.measured.subarray(startOf(map))
    const scores = bytes.length === 0 ? null : float64FromBlob(bytes)
    columns.forEach((column, place) => (column[first + index] = scores?.[place] ?? NaN))
  })
}

/** Computes all metrics that depend on tau, from `first` to before `end`. */
export function fillAllCapped(
  values: MapColumns['values'],
  shares: ShareColumns,
  rows: { tau: number; first: number; end: number },
): void {
  for (const metric of METRICS.filter(hasTau)) fillCapped(values[metric], shares, { metric, ...rows })
}

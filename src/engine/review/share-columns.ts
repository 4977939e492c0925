import type { MetricName } from '../../shared/names.ts'
import { usesPositivePart } from '../metrics/score.ts'

/**
 * The shares of every map, one map after the other, and the marks of its items: 5 MB for 100,000 maps of three items. They
 * are what the scores that depend on a calibration are computed from.
 */
export interface ShareColumns {
  /** Where each map's items begin; one more entry than maps. */
  starts: Uint32Array
  /** These three may have room at their ends. */
  shares: Float64Array
  sharesPositive: Float64Array
  marks: Uint8Array
}

export function emptyShares(): ShareColumns {
  return {
    starts: new Uint32Array(1),
    shares: new Float64Array(),
    sharesPositive: new Float64Array(),
    marks: new Uint8Array(),
  }
}

/** A copy with room for `count` maps. */
export function sharesWithRoom({ starts, shares, sharesPositive, marks }: ShareColumns, count: number) {
  const longer = new Uint32Array(count + 1)
  longer.set(starts)
  return {
    starts: longer,
    shares: shares.slice(),
    sharesPositive: sharesPositive.slice(),
    marks: marks.slice(),
  }
}

/**
 * Writes the shares of maps into the rows from `first` on.
 *
 * @param bytesOf the shares of a map as float64 bytes: the signed ones, then those of the positive part
 * @param marksOf marks of a map's items
 */
export function writeShares<Row>(
  columns: ShareColumns,
  first: number,
  maps: readonly Row[],
  { bytesOf, marksOf }: { bytesOf: (map: Row) => Uint8Array; marksOf: (map: Row) => readonly number[] },
): void {
  const { starts } = columns
  maps.forEach((map, index) => {
    starts[first + index + 1] = (starts[first + index] ?? 0) + marksOf(map).length
  })
  const items = starts[first + maps.length] ?? 0
  columns.shares = floatsWithRoom(columns.shares, items)
  columns.sharesPositive = floatsWithRoom(columns.sharesPositive, items)
  columns.marks = bytesWithRoom(columns.marks, items)
  const bytes = new Uint8Array(columns.shares.buffer)
  const bytesPositive = new Uint8Array(columns.sharesPositive.buffer)
  maps.forEach((map, index) => {
    const start = starts[first + index] ?? 0
    const both = bytesOf(map)
    const half = both.length / 2
    bytes.set(both.subarray(0, half), start * Float64Array.BYTES_PER_ELEMENT)
    bytesPositive.set(both.subarray(half), start * Float64Array.BYTES_PER_ELEMENT)
    columns.marks.set(marksOf(map), start)
  })
}

/** At least doubles what is too short, so that many small additions copy little. */
function floatsWithRoom(array: Float64Array, length: number): Float64Array {
  if (array.length >= length) return array
  const longer = new Float64Array(Math.max(length, 2 * array.length))
  longer.set(array)
  return longer
}

function bytesWithRoom(array: Uint8Array, length: number): Uint8Array {
  if (array.length >= length) return array
  const longer = new Uint8Array(Math.max(length, 2 * array.length))
  longer.set(array)
  return longer
}

/**
 * Computes a capped percentage of the maps from `first` to before `end` into `values`, as `cappedPercentage` does of one map;
 * written out, since a view of each map's shares would take most of the time.
 */
export function fillCapped(
  values: Float64Array,
  { starts, marks, ...columns }: ShareColumns,
  { metric, tau, first, end }: { metric: MetricName; tau: number; first: number; end: number },
): void {
  const shares = usesPositivePart(metric) ? columns.sharesPositive : columns.shares
  for (let row = first; row < end; row += 1) {
    const start = starts[row] ?? 0
    const next = starts[row + 1] ?? 0
    let sum = next === start ? NaN : 0
    for (let item = start; item < next; item += 1) {
      sum += (marks[item] ?? 0) * Math.min(shares[item] ?? 0, tau)
    }
    values[row] = sum
  }
}

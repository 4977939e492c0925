import type { MetricName } from '../../shared/names.ts'
import { cappedPercentage } from '../metrics/percentage.ts'
import { usesPositivePart } from '../metrics/score.ts'
import type { MapShareBytes } from '../workspace/map-scans.ts'

/**
 * The shares of every map, one map after the other, and the marks of its items: 5 MB for 100,000 maps of three items. They
 * are what the scores that depend on a calibration are computed from.
 */
export interface ShareColumns {
  /** Where each map's items begin; one more entry than maps. */
  starts: Uint32Array
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

/**
 * The columns with the shares of more maps at their end.
 *
 * @param marksOf marks of a sample's items
 */
export function extendShares(
  columns: ShareColumns,
  added: readonly MapShareBytes[],
  marksOf: (sampleId: number) => readonly number[],
): ShareColumns {
  const before = columns.starts.length - 1
  const starts = new Uint32Array(before + added.length + 1)
  starts.set(columns.starts)
  added.forEach(([sampleId], index) => {
    starts[before + index + 1] = (starts[before + index] ?? 0) + marksOf(sampleId).length
  })
  const items = starts.at(-1) ?? 0
  const shares = new Float64Array(items)
  const sharesPositive = new Float64Array(items)
  const marks = new Uint8Array(items)
  shares.set(columns.shares)
  sharesPositive.set(columns.sharesPositive)
  marks.set(columns.marks)
  const [bytes, bytesPositive] = [new Uint8Array(shares.buffer), new Uint8Array(sharesPositive.buffer)]
  added.forEach(([sampleId, both], index) => {
    const start = starts[before + index] ?? 0
    const half = both.length / 2
    bytes.set(both.subarray(0, half), start * Float64Array.BYTES_PER_ELEMENT)
    bytesPositive.set(both.subarray(half), start * Float64Array.BYTES_PER_ELEMENT)
    marks.set(marksOf(sampleId), start)
  })
  return { starts, shares, sharesPositive, marks }
}

/** Computes a capped percentage of the maps from `first` on into `values`. */
export function fillCapped(
  values: Float64Array,
  { starts, marks, ...columns }: ShareColumns,
  { metric, tau, first }: { metric: MetricName; tau: number; first: number },
): void {
  const shares = usesPositivePart(metric) ? columns.sharesPositive : columns.shares
  for (let row = first; row < values.length; row += 1) {
    const [start, end] = [starts[row], starts[row + 1]]
    values[row] = cappedPercentage(shares.subarray(start, end), marks.subarray(start, end), tau)
  }
}

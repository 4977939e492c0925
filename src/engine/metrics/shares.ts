import { HeatproofError } from '../../shared/errors.ts'
import { checkRegions, forEachPixel, type MapRegion } from './regions.ts'

/** A map of `rows` x `columns` relevances, row by row. */
export interface RelevanceMap {
  map: Float32Array | Float64Array
  rows: number
  columns: number
}

export interface RegionShares {
  /** `s_b = R_b / sum_b R_b`, signed; they sum to 1, or are all 0 when the map has no relevance. */
  shares: number[]
  /** The same after negative pixels were set to 0. */
  sharesPositive: number[]
  /** Signed sum over the regions, `sum_b R_b`. */
  total: number
  /** Sum of the absolute values over the regions, `sum |R|`. */
  absolute: number
}

/** A total this small beside the sum of absolute values counts as 0. */
const NO_RELEVANCE = 1e-6

/** Whether a signed total is nothing beside the sum of absolute values. */
export function isNoRelevance(total: number, absolute: number): boolean {
  return Math.abs(total) <= NO_RELEVANCE * absolute
}

/** Parts of the total, or all 0 where the total is nothing beside `absolute`. */
export function sharesOf(sums: readonly number[], absolute: number): number[] {
  const total = sums.reduce((sum, value) => sum + value, 0)
  if (isNoRelevance(total, absolute)) return sums.map(() => 0)
  return sums.map((sum) => sum / total)
}

/**
 * Reduces a map to its regions, in float64. Pixels in no region count for nothing; pixels in two regions count in both.
 *
 * @throws HeatproofError `bad_argument` when sizes do not fit, `bad_values` for NaN or Infinity in a region
 */
export function regionShares(
  { map, rows, columns }: RelevanceMap,
  regions: readonly MapRegion[],
): RegionShares {
  if (map.length !== rows * columns) {
    throw new HeatproofError('bad_argument', {
      found: `a map of ${map.length} values`,
      expected: `${rows} x ${columns} = ${rows * columns}`,
      advice: 'Give the rows and columns that the map was made with.',
    })
  }
  checkRegions(regions, rows, columns)
  const signed: number[] = []
  const positive: number[] = []
  let absolute = 0
  for (const region of regions) {
    let sum = 0
    let positiveSum = 0
    forEachPixel(region, columns, (pixel) => {
      const relevance = map[pixel] ?? 0
      sum += relevance
      if (relevance > 0) positiveSum += relevance
      absolute += Math.abs(relevance)
    })
    signed.push(sum)
    positive.push(positiveSum)
  }
  if (!Number.isFinite(absolute)) {
    throw new HeatproofError('bad_values', {
      found: 'NaN or Infinity in a relevance map',
      expected: 'finite values',
      advice: 'Compute the map again, or leave it out.',
    })
  }
  return {
    shares: sharesOf(signed, absolute),
    sharesPositive: sharesOf(
      positive,
      positive.reduce((sum, value) => sum + value, 0),
    ),
    total: signed.reduce((sum, value) => sum + value, 0),
    absolute,
  }
}

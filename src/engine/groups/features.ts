/** Blocks that a map is cut into, whatever its size. */
const BLOCK_ROWS = 4
const BLOCK_COLUMNS = 12

/** Which definition of the features a verdict on a group followed; a changed definition gets the next number. */
export const FEATURES_VERSION = 1

/** Shares are held in this range: where relevance nearly cancels they grow without end, and would be groups of their own. */
const LEAST_SHARE = -1
const LARGEST_SHARE = 2

export interface MapToGroup {
  /** rows x columns, row by row. */
  values: Float32Array
  columns: number
  /** Share of the relevance by item, signed. */
  shares: ArrayLike<number>
  /** 1 for a majority item, 0 for an odd one. */
  marks: readonly number[]
}

/**
 * What makes two maps similar, in this order:
 *
 * - for each of `items` items `s · m`, then for each `s · (1 − m)`: its share of the relevance, held in [-1, 2], where a majority
 *   item and an odd one at the same place differ; 0 where a map has fewer items, or no shares;
 * - for each of 4 x 12 blocks, row by row, `√(Σ |R| in the block / Σ |R|)`, so that the distance between two maps is that of
 *   Hellinger; 0 for a map without relevance. A pixel at (row, column) is in block (⌊4 row / rows⌋, ⌊12 column / columns⌋).
 */
export function featuresOf({ values, columns, shares, marks }: MapToGroup, items: number): number[] {
  const held = Array.from({ length: items }, (_, item) => holdShare(shares[item] ?? 0))
  return [
    ...held.map((share, item) => (marks[item] === 1 ? share : 0)),
    ...held.map((share, item) => (marks[item] === 1 ? 0 : share)),
    ...coarseMap(values, columns).map(Math.sqrt),
  ]
}

function holdShare(share: number): number {
  return Number.isFinite(share) ? Math.min(LARGEST_SHARE, Math.max(LEAST_SHARE, share)) : 0
}

/** Part of the absolute relevance that lies in each block, row by row; the parts of a map with relevance sum to 1. */
export function coarseMap(values: Float32Array, columns: number): number[] {
  const rows = values.length / columns
  const sums = new Float64Array(BLOCK_ROWS * BLOCK_COLUMNS)
  for (let row = 0; row < rows; row += 1) {
    const first = Math.floor((row * BLOCK_ROWS) / rows) * BLOCK_COLUMNS
    for (let column = 0; column < columns; column += 1) {
      const block = first + Math.floor((column * BLOCK_COLUMNS) / columns)
      sums[block] = (sums[block] ?? 0) + Math.abs(values[row * columns + column] ?? 0)
    }
  }
  const total = sums.reduce((sum, part) => sum + part, 0)
  return Array.from(sums, (sum) => (total === 0 ? 0 : sum / total))
}

/** `mean of R / Σ |R|` over maps of one size, pixel by pixel; maps without relevance count as 0. */
export function meanMap(maps: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(maps[0]?.length ?? 0)
  for (const map of maps) {
    const total = absoluteSum(map)
    if (total === 0) continue
    for (let pixel = 0; pixel < sums.length; pixel += 1)
      sums[pixel] = (sums[pixel] ?? 0) + (map[pixel] ?? 0) / total
  }
  return Float32Array.from(sums, (sum) => sum / maps.length)
}

function absoluteSum(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += Math.abs(value)
  return sum
}

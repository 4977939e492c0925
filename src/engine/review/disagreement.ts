import type { MapColumns } from './map-columns.ts'

/** Rows ordered by how far they disagree; rows that belong together stand together. */
interface Groups {
  /** Of each row; rows with the same number belong together. */
  groups: Float64Array
  /** Of each row's group, from 0 (they agree); NaN where there is nothing to compare. */
  disagreement: Float64Array
}

/**
 * How far the reviewers of each map differ: the share of the pairs of reviewers with different verdicts, in [0, 1]; NaN
 * with fewer than two reviewers.
 */
export function reviewersDisagree({ count, reviewers }: Pick<MapColumns, 'count' | 'reviewers'>): Groups {
  const disagreement = new Float64Array(count).fill(NaN)
  for (let row = 0; row < count; row += 1) {
    const codes = reviewers.map(({ verdicts }) => verdicts[row] ?? 0).filter((code) => code !== 0)
    const pairs = (codes.length * (codes.length - 1)) / 2
    if (pairs === 0) continue
    const differing = codes.reduce(
      (sum, code, index) => sum + codes.slice(index + 1).filter((other) => other !== code).length,
      0,
    )
    disagreement[row] = differing / pairs
  }
  return { groups: Float64Array.from(disagreement.keys()), disagreement }
}

/**
 * How far the maps of one sequence differ by a metric: the range of its values over the methods of each model, or over the
 * models by each method, maps of different explained classes apart. NaN where fewer than two maps of a group have a value.
 */
export function mapsDisagree(
  { sampleIds, facts }: Pick<MapColumns, 'sampleIds' | 'facts'>,
  rows: Uint32Array,
  values: Float64Array,
  between: 'methods' | 'models',
): Groups {
  const { codes } = between === 'methods' ? facts.model : facts.method
  const explained = facts.target.codes
  const groups = new Float64Array(values.length)
  const ranges = new Map<number, { low: number; high: number; count: number }>()
  for (const row of rows) {
    const group = ((sampleIds[row] ?? 0) * 2 ** 16 + (codes[row] ?? 0)) * 2 ** 16 + (explained[row] ?? 0)
    groups[row] = group
    const value = values[row] ?? NaN
    if (Number.isNaN(value)) continue
    const range = ranges.get(group)
    if (range === undefined) ranges.set(group, { low: value, high: value, count: 1 })
    else {
      range.low = Math.min(range.low, value)
      range.high = Math.max(range.high, value)
      range.count += 1
    }
  }
  const disagreement = new Float64Array(values.length).fill(NaN)
  for (const row of rows) {
    const range = ranges.get(groups[row] ?? 0)
    if (range !== undefined && range.count > 1) disagreement[row] = range.high - range.low
  }
  return { groups, disagreement }
}

/** The rows with the largest disagreement first, group by group; those with nothing to compare last. */
export function rankByDisagreement(rows: Uint32Array, { groups, disagreement }: Groups): Uint32Array {
  const key = (row: number) => {
    const value = disagreement[row] ?? NaN
    return Number.isNaN(value) ? Infinity : -value
  }
  return rows.toSorted((a, b) => {
    const [keyA, keyB] = [key(a), key(b)]
    if (keyA !== keyB) return keyA - keyB
    return (groups[a] ?? 0) - (groups[b] ?? 0) || a - b
  })
}

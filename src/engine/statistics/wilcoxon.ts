import { sum } from './describe.ts'
import { twoSidedNormal } from './distributions.ts'

export interface Wilcoxon {
  /** Differences other than 0; the others are left out (Wilcoxon 1945). */
  pairs: number
  zeros: number
  /** The smaller of the two rank sums. */
  statistic: number
  /** Two-sided. */
  p: number
  method: 'exact' | 'normal'
}

/** Up to so many pairs the distribution is counted out, beyond it is as good as normal. */
const MOST_EXACT = 50
/** Differences that are equal up to this part of the largest one share a rank: they differ by rounding errors. */
const ROUNDING = 1e-12

/**
 * Wilcoxon's signed-rank test of paired values: whether the differences lie symmetrically about 0. Equal sizes share their mean
 * rank. For up to 50 pairs p is exact, also with shared ranks (all signs of these ranks are counted); beyond, it comes from
 * the normal distribution with the variance corrected for shared ranks, without a continuity correction.
 *
 * @returns null where it is undefined: no difference, or all of them are 0
 */
export function wilcoxon(differences: readonly number[]): Wilcoxon | null {
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (largest === 0) return null
  const rounded = differences.map((value) => Math.round(value / (largest * ROUNDING)))
  const kept = rounded.filter((value) => value !== 0)
  const ranks = meanRanks(kept.map(Math.abs))
  const positive = sum(ranks.filter((_, index) => (kept[index] ?? 0) > 0))
  const total = (kept.length * (kept.length + 1)) / 2
  const statistic = Math.min(positive, total - positive)
  const exact = kept.length <= MOST_EXACT
  return {
    pairs: kept.length,
    zeros: rounded.length - kept.length,
    statistic,
    p: exact ? exactP(ranks, statistic) : normalP(ranks, statistic),
    method: exact ? 'exact' : 'normal',
  }
}

/** Ranks from 1 on; equal values share the mean of their ranks. */
export function meanRanks(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort()
  const rankOf = new Map<number, number>()
  for (let first = 0; first < sorted.length;) {
    let next = first + 1
    while (next < sorted.length && sorted[next] === sorted[first]) next += 1
    rankOf.set(sorted[first] ?? 0, (first + 1 + next) / 2)
    first = next
  }
  return values.map((value) => rankOf.get(value) ?? 0)
}

/** Counts how many of the 2^n signs give a rank sum as far from the middle. Twice a mean rank is a whole number. */
function exactP(ranks: readonly number[], statistic: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank))
  const total = sum(doubled)
  const ways = new Float64Array(total + 1)
  ways[0] = 1
  let reached = 0
  for (const rank of doubled) {
    for (let at = reached; at >= 0; at -= 1) ways[at + rank] = (ways[at + rank] ?? 0) + (ways[at] ?? 0)
    reached += rank
  }
  const tail = sum(ways, 0, Math.round(2 * statistic) + 1)
  return Math.min(1, (2 * tail) / 2 ** ranks.length)
}

function normalP(ranks: readonly number[], statistic: number): number {
  const mean = sum(ranks) / 2
  const variance = sum(ranks.map((rank) => rank ** 2)) / 4
  return twoSidedNormal((statistic - mean) / Math.sqrt(variance))
}

/** Percentage in the data region, `sum_b m_b s_b`. 2/3 for a uniform map over 3 items; above 1 or below 0 when a share is negative. */
export function percentage(shares: readonly number[], marks: readonly number[]): number {
  return cappedPercentage(shares, marks, Infinity)
}

/** Percentage in which no item counts for more than `tau`, `sum_b m_b min(s_b, tau)`: `tau` when all is on one majority item. */
export function cappedPercentage(shares: readonly number[], marks: readonly number[], tau: number): number {
  return marks.reduce((sum, mark, item) => sum + mark * Math.min(shares[item] ?? 0, tau), 0)
}

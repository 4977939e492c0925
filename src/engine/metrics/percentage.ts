/** Percentage in the data region, `sum_b m_b s_b`. 2/3 for a uniform map over 3 items; above 1 or below 0 when a share is negative. */
export function percentage(shares: ArrayLike<number>, marks: ArrayLike<number>): number {
  return cappedPercentage(shares, marks, Infinity)
}

/** Percentage in which no item counts for more than `tau`, `sum_b m_b min(s_b, tau)`: `tau` when all is on one majority item. */
export function cappedPercentage(shares: ArrayLike<number>, marks: ArrayLike<number>, tau: number): number {
  let sum = 0
  for (let item = 0; item < marks.length; item += 1) {
    sum += (marks[item] ?? 0) * Math.min(shares[item] ?? 0, tau)
  }
  return sum
}

/**
 * Largest majority share over the sum of the majority shares, negative shares as 0. 1/2 for a uniform map over 3 items,
 * 1 when all is on one majority item; null (undefined) when no majority item has a positive share.
 */
export function dominance(shares: readonly number[], marks: readonly number[]): number | null {
  const majority = shares.map((share, item) => (marks[item] === 1 ? Math.max(share, 0) : 0))
  const sum = majority.reduce((total, share) => total + share, 0)
  return sum > 0 ? Math.max(...majority) / sum : null
}

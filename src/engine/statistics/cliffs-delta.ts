/**
 * Cliff's delta (1993): how much more often a value of `left` is larger than one of `right` than smaller, over all pairs of one
 * of each; in [-1, 1], 0 where neither tends to be larger. Ties count for nothing.
 *
 * @returns null where it is undefined: one of the two has no values
 */
export function cliffsDelta(left: readonly number[], right: readonly number[]): number | null {
  if (left.length === 0 || right.length === 0) return null
  const [lefts, rights] = [Float64Array.from(left).sort(), Float64Array.from(right).sort()]
  let balance = 0
  let below = 0
  let notAbove = 0
  for (const value of lefts) {
    while (below < rights.length && (rights[below] ?? 0) < value) below += 1
    while (notAbove < rights.length && (rights[notAbove] ?? 0) <= value) notAbove += 1
    balance += below - (rights.length - notAbove)
  }
  return balance / (left.length * right.length)
}

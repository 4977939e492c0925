/** Index of the candidate nearest to `value`; 0 for an empty list. Candidates are increasing. */
export function nearestIndex(candidates: readonly number[], value: number): number {
  let best = 0
  for (const [index, candidate] of candidates.entries()) {
    if (Math.abs(candidate - value) < Math.abs((candidates[best] ?? Infinity) - value)) best = index
  }
  return best
}

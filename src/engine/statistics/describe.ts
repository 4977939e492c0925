/** Sum of the values by pairwise halves, which keeps the rounding error of a million values near that of one. */
export function sum(values: ArrayLike<number>, from = 0, to = values.length): number {
  if (to - from > 64) {
    const middle = (from + to) >> 1
    return sum(values, from, middle) + sum(values, middle, to)
  }
  let total = 0
  for (let index = from; index < to; index += 1) total += values[index] ?? 0
  return total
}

/** NaN for no values. */
export function meanOf(values: ArrayLike<number>): number {
  return sum(values) / values.length
}

/** Sum of the squared distances from the mean. */
export function squaredDeviations(values: readonly number[]): number {
  const mean = meanOf(values)
  return sum(values.map((value) => (value - mean) ** 2))
}

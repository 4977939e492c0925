export function largestValue(values: ArrayLike<number>): number {
  return Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/** Largest absolute difference; NaN where the lengths differ or a value is NaN. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN
  return Array.from(actual).reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - (expected[index] ?? NaN))),
    0,
  )
}

/** Smallest value; NaN where there is one. */
export function smallestValue(values: ArrayLike<number>): number {
  return Array.from(values).reduce((smallest, value) => Math.min(smallest, value), Infinity)
}

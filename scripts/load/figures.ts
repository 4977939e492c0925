/** The value below which so many of a hundred lie; NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN
}

/**
 * How much a series has grown once it has settled: the mean of its last quarter over that of the first one, minus 1.
 *
 * @param settled share of the series at its beginning that does not count
 */
export function growth(values: readonly number[], settled = 0.2): number {
  const counted = values.slice(Math.floor(values.length * settled))
  const quarter = Math.max(1, Math.floor(counted.length / 4))
  return mean(counted.slice(-quarter)) / mean(counted.slice(0, quarter)) - 1
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

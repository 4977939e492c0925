import { studentQuantile975 } from './student-t.ts'
import { varianceOfMean } from './summary.ts'

/** A value of one sequence under one draw. */
export interface CrossedValue {
  value: number
  sequenceId: number
  draw: number
}

/**
 * Mean with a 95 % Student t interval for values of the same sequences under several random draws. Both would come out
 * differently another time, so the variance of the mean is that over sequences plus that over draws, each as in
 * {@link varianceOfMean}; what belongs to a pair of both alone is in either, and makes the interval a little too wide.
 * Degrees of freedom after Satterthwaite 1946, rounded down. One draw alone leaves the interval over sequences.
 *
 * @returns null for no values; no bounds (null) for one sequence; bounds are not clipped
 */
export function crossedInterval(
  values: readonly CrossedValue[],
): { mean: number; low: number | null; high: number | null } | null {
  if (values.length === 0) return null
  const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length
  const overSequences = varianceOfMean(values, ({ sequenceId }) => sequenceId)
  const overDraws = varianceOfMean(values, ({ draw }) => draw)
  if (overSequences.variance === null) return { mean, low: null, high: null }
  const parts = [overSequences, overDraws].map(({ variance, groups }) => ({
    variance: variance ?? 0,
    degrees: groups - 1,
  }))
  const total = parts.reduce((sum, { variance }) => sum + variance, 0)
  const spread = parts.reduce(
    (sum, { variance, degrees }) => (variance === 0 ? sum : sum + variance ** 2 / degrees),
    0,
  )
  const reach = spread === 0 ? 0 : studentQuantile975(wholeDegrees(total ** 2 / spread)) * Math.sqrt(total)
  return { mean, low: mean - reach, high: mean + reach }
}

/** Rounded down, at least 1; 7 that came out as 6.999999999999999 stays 7. */
function wholeDegrees(degrees: number): number {
  return Math.max(1, Math.floor(degrees * (1 + 1e-12)))
}

/**
 * Two-sided p value of a difference from its bootstrap resamples, by inverting the percentile interval: twice the smaller share
 * of resamples on either side of 0, each counted with one more, so that it is never 0. It is at least 2 / (resamples + 1).
 *
 * @param resampled differences; NaN is left out
 * @returns a value in (0, 1]; null without a resample
 */
export function bootstrapP(resampled: Float64Array): number | null {
  const counted = resampled.filter((difference) => !Number.isNaN(difference))
  if (counted.length === 0) return null
  const atMost = counted.filter((difference) => difference <= 0).length
  const atLeast = counted.filter((difference) => difference >= 0).length
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (counted.length + 1))
}

import { forEachResample, percentileInterval } from './bootstrap.ts'

export interface AgreementEstimate {
  /** null when the statistic is undefined for these ratings. */
  value: number | null
  /** 95 % percentile interval; null when no resample gave a value. */
  low: number | null
  high: number | null
}

/**
 * A measure of agreement with its bootstrap interval, resampled by base sequence.
 *
 * @param heatmaps ratings of each heatmap
 * @param sequenceIds base sequence of each heatmap
 * @param statistic e.g. `krippendorffAlpha`; resamples for which it gives null are left out
 */
export function agreementEstimate<Row>(
  heatmaps: readonly Row[],
  sequenceIds: readonly number[],
  statistic: (heatmaps: readonly Row[]) => number | null,
  { seed, resamples }: { seed: number; resamples: number },
): AgreementEstimate {
  const groups = [...Map.groupBy(heatmaps.keys(), (at) => sequenceIds[at] ?? -1).entries()]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => members.flatMap((at) => heatmaps.slice(at, at + 1)))
  const values: number[] = []
  forEachResample(groups.length, { seed, resamples }, (drawn) => {
    const resample = groups.flatMap((members, group) =>
      Array.from({ length: drawn[group] ?? 0 }, () => members).flat(),
    )
    const value = statistic(resample)
    if (value !== null) values.push(value)
  })
  const value = statistic(heatmaps)
  if (values.length === 0) return { value, low: null, high: null }
  return { value, ...percentileInterval(values) }
}

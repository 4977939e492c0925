export const BINS = 40

export interface VerdictHistogram {
  /** Range of the bins, which are equally wide: [0, 1], extended where values lie outside. */
  low: number
  high: number
  /** Failing and accepted heatmaps in each bin. A bin holds its lower edge; the last one also its upper edge. */
  failed: number[]
  accepted: number[]
}

/** Counts every value; NaN (undefined) is left out. */
export function verdictHistogram(values: Float64Array, fails: Uint8Array): VerdictHistogram {
  const defined = values.filter((value) => !Number.isNaN(value))
  const low = defined.reduce((least, value) => Math.min(least, value), 0)
  const high = defined.reduce((most, value) => Math.max(most, value), 1)
  const failed = Array.from({ length: BINS }, () => 0)
  const accepted = Array.from({ length: BINS }, () => 0)
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return
    const bin = Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS))
    const counts = fails[at] === 1 ? failed : accepted
    counts[bin] = (counts[bin] ?? 0) + 1
  })
  return { low, high, failed, accepted }
}

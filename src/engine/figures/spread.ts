import type { Spread } from '../../shared/contract/figures.ts'

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const
const BINS = 40
/** Values beyond these quantiles are in the counts, and outside of the violin. */
const [LOWEST, HIGHEST] = [0.005, 0.995]

/** Quantiles and a histogram of values; null for none. */
export function spreadOf(values: Float64Array): Spread | null {
  if (values.length === 0) return null
  const sorted = values.toSorted()
  const [q05, q25, q50, q75, q95] = QUANTILES.map((level) => quantileOf(sorted, level))
  const [low, high] = [quantileOf(sorted, LOWEST), quantileOf(sorted, HIGHEST)]
  const bins = new Array<number>(BINS).fill(0)
  const width = (high - low) / BINS
  for (const value of sorted) {
    if (value < low || value > high) continue
    const bin = width === 0 ? 0 : Math.min(BINS - 1, Math.floor((value - low) / width))
    bins[bin] = (bins[bin] ?? 0) + 1 / sorted.length
  }
  return { quantiles: [q05 ?? 0, q25 ?? 0, q50 ?? 0, q75 ?? 0, q95 ?? 0], low, high, bins }
}

/** Linear between neighbours, as numpy does by default. @param sorted increasing, at least one */
function quantileOf(sorted: Float64Array, level: number): number {
  const place = level * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? 0
  return below + (place - Math.floor(place)) * (above - below)
}

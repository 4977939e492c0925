import type { MapValues } from './ranks.ts'

/** Pearson correlation of two maps over all pixels, signed values as they are. In [-1, 1]; null (undefined) when either is constant. */
export function pearson(a: MapValues, b: MapValues): number | null {
  const deviationsA = deviations(a)
  const deviationsB = deviations(b)
  const length = Math.sqrt(product(deviationsA, deviationsA)) * Math.sqrt(product(deviationsB, deviationsB))
  if (length === 0) return null
  return Math.min(Math.max(product(deviationsA, deviationsB) / length, -1), 1)
}

/** Differences from the mean. The first value goes first, so that values that are nearly the same keep their digits. */
function deviations(values: MapValues): Float64Array {
  const shifted = Float64Array.from(values, (value) => value - (values[0] ?? 0))
  const mean = shifted.reduce((sum, value) => sum + value, 0) / shifted.length
  return shifted.map((value) => value - mean)
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, pixel) => sum + value * (b[pixel] ?? NaN), 0)
}

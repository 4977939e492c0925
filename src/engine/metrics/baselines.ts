import { baselineMaps } from './baseline-maps.ts'
import type { MapRegion } from './regions.ts'
import { scoreMap, type MetricScore } from './score.ts'
import { scorePixels } from './score-pixels.ts'

export interface Baselines {
  /** Scores of the map that is the same everywhere. */
  uniform: MetricScore[]
  /** Scores of the seeded random map, the one that the method `random` gives for this sample. */
  random: MetricScore[]
}

/**
 * What every metric says of maps that know nothing of the model, for one sample, in the order of `METRICS`.
 *
 * @param sample `strokes` as `strokeMask` gives them; without them share metrics only
 */
export function baselineScores(sample: {
  rows: number
  columns: number
  regions: readonly MapRegion[]
  tau: number
  seed: number
  sampleIndex: number
  strokes?: Uint8Array
}): Baselines {
  const { rows, columns, regions, tau, seed, sampleIndex, strokes } = sample
  const scoresOf = (map: Float32Array) => [
    ...scoreMap({ map, rows, columns, regions, tau }).scores,
    ...(strokes ? scorePixels(map, strokes) : []),
  ]
  const { uniform, random } = baselineMaps(rows * columns, seed, sampleIndex)
  return { uniform: scoresOf(uniform), random: scoresOf(random) }
}

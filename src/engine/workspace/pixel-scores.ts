import { PIXEL_METRICS, SCORE_STATES, type PixelMetricName } from '../../shared/names.ts'
import type { MetricScore } from '../metrics/score.ts'
import { float64FromBlob, toBlob } from './blobs.ts'

type PixelScores = readonly MetricScore<PixelMetricName>[]

/** Values in the order of `PIXEL_METRICS`, NaN where undefined, then the states as places in `SCORE_STATES`. */
export function pixelScoresToBlob(scores: PixelScores | undefined): Uint8Array | null {
  if (scores === undefined) return null
  return toBlob(
    Float64Array.from([
      ...scores.map(({ value }) => value ?? NaN),
      ...scores.map(({ state }) => SCORE_STATES.indexOf(state)),
    ]),
  )
}

/** What {@link pixelScoresToBlob} stored; undefined where nothing was measured. */
export function pixelScoresFromBlob(blob: Uint8Array | null): PixelScores | undefined {
  if (blob === null) return undefined
  const numbers = float64FromBlob(blob)
  return PIXEL_METRICS.map((metric, place) => {
    const value = numbers[place] ?? NaN
    const state = SCORE_STATES[numbers[PIXEL_METRICS.length + place] ?? NaN] ?? 'undefined'
    return { metric, value: Number.isNaN(value) ? null : value, state }
  })
}

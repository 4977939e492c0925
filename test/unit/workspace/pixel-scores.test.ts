import { expect, it } from 'vitest'
import { pixelScoresFromBlob, pixelScoresToBlob } from '../../../src/engine/workspace/pixel-scores.ts'
import { PIXEL_METRICS, SCORE_STATES } from '../../../src/shared/names.ts'

it('keeps values to the last bit, undefined ones and states', () => {
  const scores = PIXEL_METRICS.map((metric, place) => ({
    metric,
    value: place === 2 ? null : Math.PI / (place + 1),
    state: SCORE_STATES[place % SCORE_STATES.length] ?? 'ok',
  }))
  const blob = pixelScoresToBlob(scores)
  expect(blob).toHaveLength(2 * 8 * PIXEL_METRICS.length)
  expect(pixelScoresFromBlob(blob)).toEqual(scores)
})

it('tells what was never measured from what is undefined', () => {
  expect(pixelScoresToBlob(undefined)).toBeNull()
  expect(pixelScoresFromBlob(null)).toBeUndefined()
})

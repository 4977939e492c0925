import { describe, expect, it } from 'vitest'
import { fitCalibration } from '../../../../src/engine/calibration/calibrate.ts'
import type { Observation } from '../../../../src/engine/calibration/observations.ts'
import { previewAt } from '../../../../src/renderer/views/calibrate/preview.ts'

/** Forty maps, 20 of which fail, whose percentage is a known number: 0.02 i, failing up to 0.3 and every third one above. */
const VALUES = Array.from({ length: 40 }, (_, index) => 0.2 + 0.02 * index)
const FAILS = VALUES.map((value, index) => value < 0.5 || index % 3 === 0)

function fitOf(probability: (index: number) => number | null) {
  const observations = VALUES.map((value, index): Observation => {
    const shares = [value, 0, 1 - value]
    return {
      mapId: index + 1,
      sequenceId: index + 1,
      shares,
      sharesPositive: shares,
      marks: [1, 1, 0],
      fails: FAILS[index] ?? false,
      probability: probability(index),
      drawnAtRandom: false,
    }
  })
  const result = fitCalibration({
    observations,
    metric: 'percentage',
    mode: 'single_item_dominance',
    seed: 1,
    resamples: 100,
  })
  return { ...result, source: null, code: null, verdictIds: [1], verdictHash: '0'.repeat(64) }
}

describe('the preview of a dragged threshold', () => {
  const fit = fitOf(() => null)

  it.each(fit.roc.map((point) => point.theta))('counts the maps below %d', (theta) => {
    const below = VALUES.map((value) => value < theta)
    const truePositive = below.filter((fails, index) => fails && FAILS[index]).length
    const falsePositive = below.filter((fails, index) => fails && !FAILS[index]).length
    const positives = FAILS.filter(Boolean).length
    expect(previewAt(fit, theta).confusion).toEqual({
      truePositive,
      falsePositive,
      falseNegative: positives - truePositive,
      trueNegative: VALUES.length - positives - falsePositive,
    })
  })

  it('is the fit itself at the fitted threshold', () => {
    const preview = previewAt(fit, fit.theta.value)
    expect(preview.confusion).toEqual(fit.confusion)
    expect(preview.youden).toBeCloseTo(fit.youden, 12)
  })

  it('shows rates but no counts of a weighted fit, except at its threshold', () => {
    const weighted = fitOf((index) => (index % 2 === 0 ? 0.2 : 0.9))
    expect(previewAt(weighted, weighted.theta.value).confusion).toEqual(weighted.confusion)
    const elsewhere = weighted.roc.find((point) => point.theta !== weighted.theta.value)
    const preview = previewAt(weighted, elsewhere?.theta ?? NaN)
    expect(preview.confusion).toBeNull()
    expect(preview.truePositiveRate).toBe(elsewhere?.truePositiveRate)
  })
})

import { describe, expect, it } from 'vitest'
import { fitCalibration } from '../../../../src/engine/calibration/calibrate.ts'
import { syntheticObservations } from '../../../../src/hosts/bench/synthetic-observations.ts'
import { pointAt, thresholdSteps } from '../../../../src/renderer/views/calibrate/thresholds.ts'

const fit = {
  ...fitCalibration({
    ...{ observations: syntheticObservations(60), metric: 'capped_percentage', mode: 'diffuse' },
    ...{ seed: 1, resamples: 100 },
  }),
  ...{ source: null, code: null, verdictIds: [1], verdictHash: '0'.repeat(64) },
}

describe('where θ can stand', () => {
  it('is at the corners of the ROC curve, the fitted θ among them', () => {
    const steps = thresholdSteps(fit, false)
    expect(steps).toHaveLength(fit.roc.length)
    expect(steps).toContain(fit.theta.value)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })

  it('is anywhere over the values under another cap', () => {
    const steps = thresholdSteps(fit, true)
    expect(steps).toContain(fit.theta.value)
    expect([steps[0], steps.at(-1)]).toEqual([fit.histogram.low, fit.histogram.high])
    expect(Math.max(...steps.slice(1).map((step, at) => step - (steps[at] ?? NaN)))).toBeLessThan(0.003)
  })
})

it('the rates at the fitted θ are those of its J', () => {
  const { truePositiveRate, falsePositiveRate } = pointAt(fit, fit.theta.value)
  expect(truePositiveRate - falsePositiveRate).toBeCloseTo(fit.youden, 12)
})

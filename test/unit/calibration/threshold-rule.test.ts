import { describe, expect, it } from 'vitest'
import { fitCalibration, type CalibrationInput } from '../../../src/engine/calibration/calibrate.ts'
import { tauHalf } from '../../../src/engine/calibration/conformal-threshold.ts'
import { sampleOf } from '../../../src/engine/calibration/observations.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'

const observations = syntheticObservations(400).map((row) => ({ ...row, probability: null }))
const fitted = (change: Partial<CalibrationInput>) =>
  fitCalibration({
    ...{ observations, metric: 'dominance', mode: 'single_item_dominance', seed: 2, resamples: 100 },
    ...change,
  })

describe('a fit by cost', () => {
  it('fails more maps the more a missed failure costs, and stands on the ROC curve', () => {
    const predicted = [0.1, 1, 10, 100].map((ratio) => {
      const { confusion, theta, roc, rule } = fitted({ rule: { kind: 'cost', ratio } })
      expect(rule).toEqual({ kind: 'cost', ratio })
      expect(roc.some((point) => Math.abs(point.theta - theta.value) < 1e-12)).toBe(true)
      return confusion.truePositive + confusion.falsePositive
    })
    expect(predicted).toEqual(predicted.toSorted((a, b) => a - b))
    expect(new Set(predicted).size).toBeGreaterThan(2)
  })
})

describe('a fit by a maximal miss rate', () => {
  it('misses at most the rate of its own flags, and says what the bound rests on', () => {
    const { guarantee, confusion, theta, youden } = fitted({ rule: { kind: 'miss_rate', rate: 0.1 } })
    const failing = confusion.truePositive + confusion.falseNegative
    expect(confusion.falseNegative / failing).toBeLessThanOrEqual(0.1)
    expect(guarantee).toMatchObject({ rate: 0.1, flags: failing, sequencesForTau: 0 })
    expect(guarantee?.missed).toBeCloseTo(confusion.falseNegative / failing, 12)
    expect(guarantee?.sequences).toBeLessThan(failing)
    expect(theta.low).toBeLessThanOrEqual(theta.value)
    expect(youden).toBeGreaterThan(0)
  })

  it('chooses tau on one half of the sequences and theta on the other', () => {
    const { guarantee, tau, confusion } = fitted({
      metric: 'capped_percentage',
      rule: { kind: 'miss_rate', rate: 0.2 },
    })
    const half = tauHalf(sampleOf(observations), 2)
    const onTheta = observations.filter(({ fails }, at) => fails && half[at] === 0).length
    expect(guarantee?.flags).toBe(onTheta)
    expect(guarantee?.sequencesForTau).toBe(100)
    expect(tau?.value).toBeGreaterThanOrEqual(0.5)
    expect(confusion.truePositive).toBeGreaterThan(0)
  })

  it('is refused with too few flags for the rate, saying how many it needs', () => {
    const few = fitted.bind(null, {
      observations: observations.filter(({ fails, mapId }) => !fails || mapId <= 40),
      rule: { kind: 'miss_rate', rate: 0.02 },
    })
    expect(few).toThrow(/at least 49 for a miss rate of at most 0.02/)
  })

  it('is refused when all failing maps are of one sequence, which cannot choose both', () => {
    const failing = observations.filter(({ fails }) => fails).slice(0, 12)
    const one = failing.map((row) => ({ ...row, sequenceId: 1 }))
    const rows = [...one, ...observations.filter(({ fails }) => !fails)]
    const attempt = () =>
      fitted({ observations: rows, metric: 'capped_percentage', rule: { kind: 'miss_rate', rate: 0.5 } })
    expect(attempt).toThrow(/single sequence|1 sequences/)
  })
})

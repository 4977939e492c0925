import { describe, expect, it } from 'vitest'
import { fitCalibration, type CalibrationInput } from '../../../src/engine/calibration/calibrate.ts'
import type { Observation } from '../../../src/engine/calibration/observations.ts'
import { countVerdicts } from '../../../src/engine/review/observations.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'
import { calibrationReport } from '../../../src/shared/calibration-report.ts'
import { CalibrationFit } from '../../../src/shared/contract/calibration.ts'

const observations = syntheticObservations(80)
const fitted = (rows: readonly Observation[], change: Partial<CalibrationInput> = {}) =>
  fitCalibration({
    ...{ observations: rows, metric: 'capped_percentage', mode: 'single_item_dominance' },
    ...{ seed: 1, resamples: 100, ...change },
  })
/** As a fit is stored and read: no NaN gets through. */
const stored = (result: ReturnType<typeof fitted>) =>
  CalibrationFit.parse(
    JSON.parse(
      JSON.stringify({ ...result, source: null, code: null, verdictIds: [1], verdictHash: '0'.repeat(64) }),
    ),
  )

describe('a fit of', () => {
  it('too few flags says how many are missing', () => {
    const failing = observations.filter(({ fails }) => fails).slice(0, 4)
    const accepted = observations.filter(({ fails }) => !fails)
    expect(() => fitted([...failing, ...accepted])).toThrow(
      /Review 6 more failing with 'single_item_dominance'/,
    )
    expect(() => fitted([])).toThrow(/10 more failing .* and 10 more accepted/)
  })

  it('one class only is refused, whichever it is', () => {
    for (const fails of [true, false]) {
      const attempt = () => fitted(observations.map((row) => ({ ...row, fails })))
      expect(attempt).toThrow(
        fails ? /80 heatmaps failing .* and 0 accepted/ : /0 heatmaps failing .* and 80 accepted/,
      )
    }
  })

  it.each([{ kind: 'youden' }, { kind: 'cost', ratio: 3 }, { kind: 'miss_rate', rate: 0.2 }] as const)(
    'equal scores, by the rule $kind, guesses and does not pretend to know more',
    (rule) => {
      const equal = observations.map((row) => ({ ...row, shares: [0.4, 0.4, 0.2], probability: null }))
      const fit = stored(fitted(equal, { rule }))
      expect(fit.auc).toEqual({ value: 0.5, low: 0.5, high: 0.5 })
      expect([fit.tau?.value, fit.youden]).toEqual([0.8, 0])
      expect(
        calibrationReport(fit)
          .flatMap(({ sentences }) => sentences)
          .join(' '),
      ).not.toMatch(/NaN|undefined|null/)
    },
  )

  it('scores that are not numbers leaves these maps out and counts them, in the fit as before it', () => {
    const broken = observations.map((row, at) => (at < 7 ? { ...row, shares: [NaN, 0.4, 0.2] } : row))
    const fit = stored(fitted(broken))
    expect(fit.counts.undefined).toBe(7)
    expect(fit.counts.positives + fit.counts.negatives).toBe(73)
    expect(fit.auc.value).toBe(fitted(observations.slice(7)).auc.value)
    const reviewed = broken.map((row) => ({ ...row, sharesPositive: [...row.shares] }))
    const leftOut = { ties: 0, unsure: 0, otherModes: 0, otherClass: 0, groupVerdicts: 0 }
    const counts = countVerdicts({ observations: reviewed, leftOut, verdicts: [] }, 'capped_percentage')
    expect(counts).toEqual(fit.counts)
  })

  it('no score at all is refused as too few', () => {
    const broken = observations.map((row) => ({ ...row, shares: [NaN, NaN, NaN] }))
    expect(() => fitted(broken)).toThrow(/0 heatmaps failing with 'single_item_dominance' and 0 accepted/)
  })

  it('impossible probabilities is refused', () => {
    for (const probability of [0, -1, 1.5, NaN]) {
      const broken = observations.map((row, at) => (at === 3 ? { ...row, probability } : row))
      expect(() => fitted(broken)).toThrow(/probability .* for map 4/)
    }
  })
})

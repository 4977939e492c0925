import { describe, expect, it } from 'vitest'
import {
  fitCalibration,
  predictsFailure,
  type CalibrationInput,
} from '../../../src/engine/calibration/calibrate.ts'
import type { Observation } from '../../../src/engine/calibration/observations.ts'
import { CalibrationFit } from '../../../src/shared/contract/calibration.ts'
import { METRICS, PIXEL_METRICS, SHARE_METRICS } from '../../../src/shared/names.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'
import { aucOfPairs, youdenAt } from './samples.ts'

const observations = syntheticObservations(160)
const fitted = (change: Partial<CalibrationInput> = {}) =>
  fitCalibration({
    observations,
    metric: 'capped_percentage',
    mode: 'single_item_dominance',
    seed: 11,
    resamples: 200,
    ...change,
  })
const result = fitted()

const column = (values: readonly Observation[]) => ({
  fails: values.map(({ fails }) => Number(fails)),
  weights: values.map(({ probability }) => (probability === null ? 1 : 1 / probability)),
})
/** Marks are (1, 1, 0) throughout. */
const cappedBy = (tau: number) =>
  observations.map(({ shares: [a = 0, b = 0] }) => Math.min(a, tau) + Math.min(b, tau))

describe('fitCalibration', () => {
  it('finds the tau and theta of an exhaustive search over all pairs and thresholds', () => {
    const { fails, weights } = column(observations)
    const aucs = Array.from({ length: 51 }, (_, step) =>
      aucOfPairs(cappedBy((50 + step) / 100), fails, weights),
    )
    const highest = Math.max(...aucs)
    const steps = [...aucs.keys()].filter((step) => (aucs[step] ?? 0) >= highest - 1e-12)
    const step = steps.toSorted((a, b) => Math.abs(a - 30) - Math.abs(b - 30) || a - b)[0] ?? NaN
    expect(result.aucByTau.map(({ tau }) => tau)).toEqual(aucs.map((_, at) => (50 + at) / 100))
    result.aucByTau.forEach(({ auc }, at) => expect(auc).toBeCloseTo(aucs[at] ?? NaN, 10))
    expect(result.tau?.value).toBe((50 + step) / 100)
    expect(result.auc.value).toBeCloseTo(highest, 10)

    const scores = cappedBy((50 + step) / 100)
    const distinct = [...new Set(scores)].sort((a, b) => a - b)
    const judged = distinct.slice(1).map((score, at) => {
      const theta = (score + (distinct[at] ?? NaN)) / 2
      return { theta, youden: youdenAt(theta, scores, fails, weights) }
    })
    const best = judged.reduce((a, b) => (b.youden > a.youden + 1e-12 ? b : a))
    expect(result.theta.value).toBeCloseTo(best.theta, 10)
    expect(result.youden).toBeCloseTo(best.youden, 10)

    const below = scores.map((score) => score < result.theta.value)
    const cell = (failing: number, predicted: boolean) =>
      fails.filter((fail, at) => fail === failing && below[at] === predicted).length
    expect(result.confusion).toEqual({
      truePositive: cell(1, true),
      falsePositive: cell(0, true),
      trueNegative: cell(0, false),
      falseNegative: cell(1, false),
    })
  })

  it('fails above theta for dominance, and has no tau', () => {
    const { direction, tau, aucByTau, theta, roc } = fitted({ metric: 'dominance' })
    expect({ direction, tau, aucByTau }).toEqual({ direction: 'above', tau: null, aucByTau: [] })
    expect(theta.value).toBeGreaterThan(0.75)
    expect(theta.value).toBeLessThan(0.95)
    expect(theta.low).toBeLessThanOrEqual(theta.value)
    expect(theta.high).toBeGreaterThanOrEqual(theta.value)
    const thetas = roc.map((point) => point.theta)
    expect(thetas).toEqual(thetas.toSorted((a, b) => b - a))
  })

  it('has on its ROC curve the point of theta', () => {
    const point = result.roc.find(({ theta }) => Math.abs(theta - result.theta.value) < 1e-12)
    if (point === undefined) throw new Error('Theta is not on the curve')
    expect(point.truePositiveRate - point.falsePositiveRate).toBeCloseTo(result.youden, 12)
  })

  it('ranks every metric by its AUC, with the paired difference to the best', () => {
    const { ranking } = result
    expect(ranking.map(({ metric }) => metric).toSorted()).toEqual([...SHARE_METRICS].toSorted())
    const values = ranking.map(({ auc }) => auc.value)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(ranking[0]).toMatchObject({ metric: 'dominance', difference: { value: 0, low: 0, high: 0 } })
    for (const { auc, difference } of ranking) {
      expect(difference.value).toBeCloseTo((values[0] ?? NaN) - auc.value, 12)
      expect(difference.low).toBeLessThanOrEqual(difference.high)
    }
    const own = ranking.find(({ metric }) => metric === 'capped_percentage')
    expect(own?.auc).toEqual(result.auc)
    expect(own?.difference.low).toBeGreaterThan(0)
  })

  it('ranks metrics by pixel where every map was measured, entropy failing above', () => {
    const measured = observations.map((observation, index): Observation => ({
      ...observation,
      pixelScores: PIXEL_METRICS.map((metric) => {
        const value = Number(observation.fails) * 0.5 + (index % 7) / 10
        return { metric, value, state: 'ok' }
      }),
    }))
    const { ranking } = fitted({ observations: measured })
    expect(ranking.map(({ metric }) => metric).toSorted()).toEqual([...METRICS].toSorted())
    const aucOf = (name: string) => ranking.find(({ metric }) => metric === name)?.auc.value ?? NaN
    expect(aucOf('entropy')).toBeGreaterThan(0.8)
    expect(aucOf('gini')).toBeCloseTo(1 - aucOf('entropy'), 12)
    expect(fitted({ observations: measured, metric: 'entropy' }).direction).toBe('above')
    expect(() => fitted({ observations, metric: 'gini' })).toThrow(/never measured by pixel/)
  })

  it('leaves the positive variants out of the ranking when positive shares are missing', () => {
    const without = observations.map(({ sharesPositive, ...rest }) =>
      sharesPositive === undefined ? rest : rest,
    )
    const { ranking } = fitted({ observations: without })
    expect(ranking.map(({ metric }) => metric).filter((metric) => metric.endsWith('_positive'))).toEqual([])
    expect(ranking).toHaveLength(4)
    expect(() => fitted({ observations: without, metric: 'cosine_positive' })).toThrow(/positive part/)
  })

  it('has intervals that enclose their estimates and agree with each other', () => {
    const { auc, tau, theta, aucByTau } = result
    for (const { value, low, high } of [auc, theta, ...(tau === null ? [] : [tau])]) {
      expect(low).toBeLessThanOrEqual(value)
      expect(high).toBeGreaterThanOrEqual(value)
    }
    const atTau = aucByTau.find((row) => row.tau === tau?.value)
    expect(atTau).toEqual({ tau: tau?.value, auc: auc.value, low: auc.low, high: auc.high })
    expect(auc.high).toBeGreaterThan(auc.low)
  })

  it('has about the spread that DeLong, DeLong and Clarke-Pearson give for independent, unweighted maps', () => {
    const independent = syntheticObservations(300, { perSequence: 1, seed: 3 }).map((row) => ({
      ...row,
      probability: null,
    }))
    const { auc } = fitted({ observations: independent, metric: 'cosine', resamples: 2000 })
    const scores = independent.map(
      ({ shares: [a = 0, b = 0, c = 0] }) => (a + b) / Math.SQRT2 / Math.hypot(a, b, c),
    )
    const part = (fails: boolean) => scores.filter((_, at) => independent[at]?.fails === fails)
    const [failing, accepted] = [part(true), part(false)]
    const placements = (own: number[], others: number[], sign: number) =>
      own.map((score) => others.filter((other) => sign * (other - score) > 0).length / others.length)
    const varianceOfMean = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length
    }
    const error = Math.sqrt(
      varianceOfMean(placements(failing, accepted, 1)) + varianceOfMean(placements(accepted, failing, -1)),
    )
    expect((auc.high - auc.low) / (2 * 1.96 * error)).toBeGreaterThan(0.9)
    expect((auc.high - auc.low) / (2 * 1.96 * error)).toBeLessThan(1.1)
  })

  it('resamples sequences: copies of a map within its sequence do not narrow an interval', () => {
    const once = syntheticObservations(120, { perSequence: 1 })
    const copies = [1, 2, 3].flatMap((copy) =>
      once.map((row) => ({ ...row, mapId: row.mapId + copy * 1000 })),
    )
    const [single, triple] = [fitted({ observations: once }), fitted({ observations: copies })]
    expect(triple.auc.low).toBeCloseTo(single.auc.low, 9)
    expect(triple.auc.high).toBeCloseTo(single.auc.high, 9)
    expect(triple.theta.low).toBeCloseTo(single.theta.low, 9)
  })

  it('is a pure function of the set of observations and the seed', () => {
    expect(fitted()).toEqual(result)
    expect(fitted({ observations: observations.toReversed() })).toEqual(result)
    const other = fitted({ seed: 12 })
    expect(other.auc).not.toEqual(result.auc)
    expect(other.auc.value).toBe(result.auc.value)
    expect(other.theta.value).toBe(result.theta.value)
  })

  it('weighs by inverse probability', () => {
    const unweighted = fitted({ observations: observations.map((row) => ({ ...row, probability: null })) })
    const same = fitted({ observations: observations.map((row) => ({ ...row, probability: 0.25 })) })
    expect([result.weighted, unweighted.weighted, same.weighted]).toEqual([true, false, true])
    expect(unweighted.auc.value).not.toBe(result.auc.value)
    expect(same.auc.value).toBeCloseTo(unweighted.auc.value, 12)
    expect(same.theta.value).toBe(unweighted.theta.value)
  })

  it('says when nothing was drawn at random, and which probabilities are unknown', () => {
    expect(result.hasRandomPart).toBe(true)
    expect(result.warnings.join(' ')).not.toContain('random part')
    const chosen = fitted({ observations: observations.map((row) => ({ ...row, drawnAtRandom: false })) })
    expect(chosen.hasRandomPart).toBe(false)
    expect(chosen.warnings.join(' ')).toContain('No verdict comes from the random part of a queue')
    const some = fitted({
      observations: observations.map((row, at) => (at < 7 ? { ...row, probability: null } : row)),
    })
    expect(some.warnings).toContain('7 of 160 maps came up with an unknown probability; they weigh 1.')
  })

  it('says how many values lie outside [0, 1], and points to the positive part', () => {
    const signed = observations.map((row, at) => (at < 3 ? { ...row, shares: [1.2, 0.3, -0.5] } : row))
    const { warnings, histogram } = fitted({ observations: signed, metric: 'percentage' })
    expect(warnings.join(' ')).toContain(
      "3 of 160 maps have values outside [0, 1], which are kept as they are. Compare with 'percentage_positive'.",
    )
    expect(histogram.high).toBeCloseTo(1.5, 9)
  })

  it('leaves maps out for which the metric is undefined, and counts them', () => {
    const odd = observations.map((row, at) => (at < 5 ? { ...row, shares: [0, 0, 1] } : row))
    const { counts, confusion, histogram } = fitted({ observations: odd, metric: 'dominance' })
    expect(counts.undefined).toBe(5)
    expect(counts.positives + counts.negatives).toBe(155)
    expect(Object.values(confusion).reduce((sum, count) => sum + count, 0)).toBe(155)
    expect([...histogram.failed, ...histogram.accepted].reduce((sum, count) => sum + count, 0)).toBe(155)
    expect(fitted({ observations: odd }).counts.undefined).toBe(0)
  })

  it('passes on what consensus left out', () => {
    const leftOut = { ties: 3, unsure: 4, otherModes: 5, otherClass: 6, groupVerdicts: 7 }
    expect(fitted({ leftOut }).counts).toMatchObject(leftOut)
  })

  it('refuses fewer than ten of either class, whatever was left undefined', () => {
    const failing = observations.filter(({ fails }) => fails)
    const accepted = observations.filter(({ fails }) => !fails)
    const few = (a: number, b: number) => () =>
      fitted({ observations: [...failing.slice(0, a), ...accepted.slice(0, b)] })
    expect(few(10, 10)).not.toThrow()
    expect(few(9, 20)).toThrow(expect.objectContaining({ code: 'too_few_verdicts' }) as Error)
    expect(few(20, 4)).toThrow(/Review 6 more accepted/)
    expect(few(0, 0)).toThrow(/Review 10 more failing with 'single_item_dominance' and 10 more accepted/)
    const undefinedOne = [...failing.slice(0, 10), ...accepted.slice(0, 10)].map((row, at) =>
      at === 0 ? { ...row, shares: [0, 0, 1] } : row,
    )
    expect(() => fitted({ observations: undefinedOne, metric: 'dominance' })).toThrow(/1 more failing/)
  })

  it('works where verdicts separate perfectly and where all values are the same', () => {
    const perfect = observations.map((row) => ({ ...row, fails: (row.shares[2] ?? 0) > 0.3 }))
    const { auc, youden, crossValidation } = fitted({ observations: perfect, metric: 'percentage' })
    expect(auc).toEqual({ value: 1, low: 1, high: 1 })
    expect(youden).toBe(1)
    expect(crossValidation.auc).toBe(1)
    const equal = observations.map((row) => ({
      ...row,
      shares: [0.4, 0.4, 0.2],
      sharesPositive: [0.4, 0.4, 0.2],
    }))
    const flat = fitted({ observations: equal })
    expect(flat.auc.value).toBeCloseTo(0.5, 12)
    expect(flat.tau?.value).toBe(0.8)
    expect(flat.youden).toBe(0)
  })

  it('is plain JSON that meets the contract', () => {
    const complete = { ...result, source: null, code: null, verdictIds: [1], verdictHash: 'a'.repeat(64) }
    expect(CalibrationFit.parse(JSON.parse(JSON.stringify(complete)))).toEqual(complete)
  })

  it('tells its progress, and ends when the listener throws', () => {
    const told: [number, number][] = []
    fitted({ onProgress: (done, total) => told.push([done, total]) })
    expect(told.at(-1)).toEqual([200, 200])
    expect(told.length).toBeGreaterThan(5)
    const cancel = () => {
      throw new Error('enough')
    }
    expect(() => fitted({ onProgress: cancel })).toThrow('enough')
  })
})

describe('predictsFailure', () => {
  it('is strict on either side, and false where the metric is undefined', () => {
    expect(predictsFailure(0.69, { direction: 'below', theta: 0.7 })).toBe(true)
    expect(predictsFailure(0.7, { direction: 'below', theta: 0.7 })).toBe(false)
    expect(predictsFailure(0.71, { direction: 'above', theta: 0.7 })).toBe(true)
    expect(predictsFailure(0.7, { direction: 'above', theta: 0.7 })).toBe(false)
    expect(predictsFailure(null, { direction: 'below', theta: 0.7 })).toBe(false)
  })
})

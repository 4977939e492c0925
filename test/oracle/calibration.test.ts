import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fitCalibration } from '../../src/engine/calibration/calibrate.ts'
import { balancedAccuracy, matthewsCorrelation } from '../../src/engine/calibration/confusion.ts'
import type { Mark } from '../../src/engine/metrics/regions.ts'
import type { MetricName, Verdict } from '../../src/shared/names.ts'
import { ac1Of, alphaOf, cohenOf, fleissOf } from '../unit/calibration/agreement-of.ts'

interface CappedVector {
  tau: number
  theta: number
  youden: number
  auc: number
  auc_by_tau: number[]
}

const vector = JSON.parse(readFileSync(new URL('./vectors/calibration.json', import.meta.url), 'utf8')) as {
  shares: number[][]
  marks: Mark[][]
  fails: boolean[]
  probability: number[]
  ratings: (Verdict | null)[][]
  ratings_full: Verdict[][]
  capped: CappedVector
  capped_weighted: CappedVector
  dominance: { auc: number; theta: number; youden: number }
  cosine: { auc: number; theta: number }
  at_dominance_theta: { mcc: number; balanced_accuracy: number }
  cohen: number
  fleiss: number
  krippendorff: number
  ac1: number
}

const observations = vector.shares.map((shares, at) => ({
  mapId: at + 1,
  sequenceId: at + 1,
  shares,
  marks: vector.marks[at] ?? [],
  fails: vector.fails[at] ?? false,
  probability: vector.probability[at] ?? null,
  drawnAtRandom: true,
}))

const fitted = (metric: MetricName, weighted = false) =>
  fitCalibration({
    observations: weighted ? observations : observations.map((row) => ({ ...row, probability: null })),
    metric,
    mode: 'single_item_dominance',
    seed: 0,
    resamples: 100,
  })

/** Agreement to 1e-9. */
const near = (found: number | null | undefined, expected: number) =>
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThan(1e-9)

describe('calibration against independent values', () => {
  it.each([
    ['unweighted', vector.capped, false],
    ['weighted by inverse probability', vector.capped_weighted, true],
  ])('capped percentage, %s', (_, expected, weighted) => {
    const { tau, theta, youden, auc, aucByTau } = fitted('capped_percentage', weighted)
    expect(tau?.value).toBe(expected.tau)
    near(theta.value, expected.theta)
    near(youden, expected.youden)
    near(auc.value, expected.auc)
    expect(aucByTau).toHaveLength(expected.auc_by_tau.length)
    aucByTau.forEach((row, at) => near(row.auc, expected.auc_by_tau[at] ?? NaN))
  })

  it('dominance', () => {
    const { theta, youden, auc, confusion } = fitted('dominance')
    near(auc.value, vector.dominance.auc)
    near(theta.value, vector.dominance.theta)
    near(youden, vector.dominance.youden)
    near(matthewsCorrelation(confusion), vector.at_dominance_theta.mcc)
    near(balancedAccuracy(confusion), vector.at_dominance_theta.balanced_accuracy)
  })

  it('cosine', () => {
    const { theta, auc } = fitted('cosine')
    near(auc.value, vector.cosine.auc)
    near(theta.value, vector.cosine.theta)
  })
})

describe('agreement against independent values', () => {
  const reviewer = (index: number) => vector.ratings.map((ratings) => ratings[index] ?? null)

  it('Cohen, of the first two reviewers', () => near(cohenOf(reviewer(0), reviewer(1)), vector.cohen))
  it('Fleiss', () => near(fleissOf(vector.ratings_full), vector.fleiss))
  it('Krippendorff', () => near(alphaOf(vector.ratings), vector.krippendorff))
  it('Gwet', () => near(ac1Of(vector.ratings), vector.ac1))
})

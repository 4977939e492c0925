import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rawAgreement, specificAgreement, tallyAll } from '../../src/engine/calibration/agreement.ts'
import { percentileInterval } from '../../src/engine/calibration/bootstrap.ts'
import { balancedAccuracy, confusionAt, matthewsCorrelation } from '../../src/engine/calibration/confusion.ts'
import { conformalThreshold } from '../../src/engine/calibration/conformal-threshold.ts'
import { costThreshold } from '../../src/engine/calibration/cost-threshold.ts'
import { rank, rocAuc } from '../../src/engine/calibration/roc.ts'
import { youdenThreshold } from '../../src/engine/calibration/youden.ts'
import { holm } from '../../src/engine/statistics/holm.ts'
import { ac1Of, alphaOf, cohenOf, fleissOf } from '../unit/calibration/agreement-of.ts'

interface Ratings {
  categories: string[]
  ratings: (string | null)[][]
  full: string[][]
  cohen: number
  specific_of_two: Record<string, number>
  fleiss: number
  krippendorff: number
  ac1: number
}

type Judged = Record<'auc' | 'balanced_accuracy' | 'mcc' | 'youden', number>
type JudgedWeighted = { [Name in keyof Judged as `${Name}_weighted`]: number }

/** Made by vectors/calibration_statistics.py from scikit-learn, statsmodels, krippendorff and NumPy; their versions are in the file. */
const golden = JSON.parse(
  readFileSync(new URL('./vectors/calibration-statistics.json', import.meta.url), 'utf8'),
) as {
  detection: Judged &
    JudgedWeighted & {
      scores: number[]
      fails: boolean[]
      weights: number[]
      theta: number
      least_cost: Record<string, number>
      conformal: Record<string, number>
    }
  verdicts: Ratings
  rare: Ratings
  holm: { p: number[]; holm: number[] }
  percentile: { values: number[]; low: number; high: number }
}

const near = (found: number | null, expected: number | undefined) =>
  expect(found).toBeCloseTo(expected ?? NaN, 10)

describe('detection', () => {
  const { detection } = golden
  const ranking = rank(Float64Array.from(detection.scores), Uint8Array.from(detection.fails, Number))
  const weights = Float64Array.from(detection.weights)
  const equal = weights.map(() => 1)

  it.each([
    ['unweighted', equal, [detection.auc, detection.balanced_accuracy, detection.mcc, detection.youden]],
    [
      'weighted',
      weights,
      [
        detection.auc_weighted,
        detection.balanced_accuracy_weighted,
        detection.mcc_weighted,
        detection.youden_weighted,
      ],
    ],
  ])('%s: ROC-AUC, balanced accuracy, Matthews correlation and the largest J', (_, used, expected) => {
    const confusion = confusionAt(ranking, detection.theta, used)
    near(rocAuc(ranking, used), expected[0])
    near(balancedAccuracy(confusion), expected[1])
    near(matthewsCorrelation(confusion), expected[2])
    near(youdenThreshold(ranking, used).youden, expected[3])
  })

  it.each(Object.entries(detection.least_cost))('the least cost at ratio %s', (ratio, expected) => {
    const threshold = costThreshold(ranking, weights, Number(ratio))
    const { falseNegative, falsePositive } = confusionAt(ranking, threshold, weights)
    near(Number(ratio) * falseNegative + falsePositive, expected)
  })

  it.each(Object.entries(detection.conformal))(
    'the conformal order statistic at rate %s',
    (rate, expected) => {
      const sequence = Int32Array.from(detection.scores.keys())
      const { threshold } = conformalThreshold(ranking, equal, { sequence, heaviest: 1, rate: Number(rate) })
      const above = detection.scores.filter((score) => score > expected)
      const next = above.length === 0 ? expected + 0.02 : Math.min(...above)
      near(threshold, (expected + next) / 2)
    },
  )
})

describe.each([
  ['accept, fail or unsure', golden.verdicts],
  ['a rare flag', golden.rare],
])('agreement on %s', (_, { categories, ratings, full, ...expected }) => {
  const [first, second] = [0, 1].map((rater) => ratings.map((row) => row[rater] ?? null))
  const ofTwo = tallyAll(
    ratings.map((row) => row.slice(0, 2)),
    categories,
  )

  it('Cohen', () => near(cohenOf(first ?? [], second ?? [], categories), expected.cohen))
  it('Fleiss', () => near(fleissOf(full, categories), expected.fleiss))
  it('Krippendorff', () => near(alphaOf(ratings, categories), expected.krippendorff))
  it('Gwet', () => near(ac1Of(ratings, categories), expected.ac1))
  it('specific to each answer, which is the F1 score of one reviewer against the other', () => {
    categories.forEach((category, at) =>
      near(specificAgreement(ofTwo, categories.length, at), expected.specific_of_two[category]),
    )
    expect(rawAgreement(ofTwo)).toBeLessThan(1)
  })
})

it("Holm's correction", () => {
  holm(golden.holm.p).forEach((p, at) => near(p, golden.holm.holm[at]))
})

it('the percentile interval', () => {
  const { low, high } = percentileInterval(golden.percentile.values)
  near(low, golden.percentile.low)
  near(high, golden.percentile.high)
})

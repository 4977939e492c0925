import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addConfusions,
  balancedAccuracy,
  confusionAt,
  matthewsCorrelation,
} from '../../../src/engine/calibration/confusion.ts'
import { rank } from '../../../src/engine/calibration/roc.ts'

const confusion = fc.record({
  truePositive: fc.nat({ max: 20 }),
  falsePositive: fc.nat({ max: 20 }),
  trueNegative: fc.nat({ max: 20 }),
  falseNegative: fc.nat({ max: 20 }),
})

describe('confusionAt', () => {
  const ranking = rank(Float64Array.of(0.1, 0.5, 0.5, 0.9, NaN), Uint8Array.of(1, 0, 1, 0, 1))

  it('fails what is strictly below the threshold', () => {
    expect(confusionAt(ranking, 0.5)).toEqual({
      truePositive: 1,
      falsePositive: 0,
      trueNegative: 2,
      falseNegative: 1,
    })
    expect(confusionAt(ranking, 0.51)).toEqual({
      truePositive: 2,
      falsePositive: 1,
      trueNegative: 1,
      falseNegative: 0,
    })
  })

  it('sums weights where they are given', () => {
    expect(confusionAt(ranking, 0.51, Float64Array.of(1, 2, 4, 8, 16))).toEqual({
      truePositive: 5,
      falsePositive: 2,
      trueNegative: 8,
      falseNegative: 0,
    })
  })
})

describe('balancedAccuracy and matthewsCorrelation', () => {
  it('agree with sensitivity and specificity, and with the correlation of the 0/1 columns', () => {
    fc.assert(
      fc.property(confusion, (counts) => {
        const { truePositive, falsePositive, trueNegative, falseNegative } = counts
        const rows = [
          ...Array.from({ length: truePositive }, () => [1, 1] as const),
          ...Array.from({ length: falsePositive }, () => [0, 1] as const),
          ...Array.from({ length: trueNegative }, () => [0, 0] as const),
          ...Array.from({ length: falseNegative }, () => [1, 0] as const),
        ]
        const positives = rows.filter(([truth]) => truth === 1)
        const negatives = rows.filter(([truth]) => truth === 0)
        if (positives.length === 0 || negatives.length === 0) {
          expect(balancedAccuracy(counts)).toBeNull()
          expect(matthewsCorrelation(counts)).toBeNull()
          return
        }
        const right = (part: typeof rows) =>
          part.filter(([truth, said]) => truth === said).length / part.length
        expect(balancedAccuracy(counts)).toBeCloseTo((right(positives) + right(negatives)) / 2, 12)
        const mean = (column: 0 | 1) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length
        const product = (a: 0 | 1, b: 0 | 1) =>
          rows.reduce((sum, row) => sum + (row[a] - mean(a)) * (row[b] - mean(b)), 0)
        const spread = product(0, 0) * product(1, 1)
        expect(matthewsCorrelation(counts)).toBeCloseTo(
          spread < 1e-9 ? 0 : product(0, 1) / Math.sqrt(spread),
          9,
        )
      }),
    )
  })
})

describe('addConfusions', () => {
  it('adds cell by cell', () => {
    const one = { truePositive: 1, falsePositive: 2, trueNegative: 3, falseNegative: 4 }
    expect(
      addConfusions(one, { truePositive: 10, falsePositive: 20, trueNegative: 30, falseNegative: 40 }),
    ).toEqual({
      truePositive: 11,
      falsePositive: 22,
      trueNegative: 33,
      falseNegative: 44,
    })
  })
})

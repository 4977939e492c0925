import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank, rocAuc, rocPoints } from '../../../src/engine/calibration/roc.ts'
import { aucOfPairs } from './samples.ts'

/** Few distinct scores, so that ties abound. */
const scored = fc
  .array(
    fc.record({
      score: fc.integer({ min: -3, max: 3 }).map((level) => level / 4),
      fails: fc.constantFrom(0, 1),
      weight: fc.double({ min: 0.1, max: 20, noNaN: true }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((rows) => rows.some(({ fails }) => fails === 1) && rows.some(({ fails }) => fails === 0))
  .map((rows) => ({
    scores: Float64Array.from(rows, ({ score }) => score),
    fails: Uint8Array.from(rows, ({ fails }) => fails),
    weights: Float64Array.from(rows, ({ weight }) => weight),
  }))

describe('rocAuc', () => {
  it('equals the weighted count over all pairs, ties half', () => {
    fc.assert(
      fc.property(scored, ({ scores, fails, weights }) => {
        expect(rocAuc(rank(scores, fails), weights)).toBeCloseTo(aucOfPairs(scores, fails, weights), 12)
      }),
    )
  })

  it('is 1, 0 and 1/2 for perfect, inverted and equal scores', () => {
    const fails = Uint8Array.of(1, 1, 0, 0)
    const weights = Float64Array.of(1, 2, 3, 4)
    expect(rocAuc(rank(Float64Array.of(1, 2, 3, 4), fails), weights)).toBe(1)
    expect(rocAuc(rank(Float64Array.of(4, 3, 2, 1), fails), weights)).toBe(0)
    expect(rocAuc(rank(Float64Array.of(7, 7, 7, 7), fails), weights)).toBe(0.5)
  })

  it('treats a whole-number weight as that many copies', () => {
    const scores = Float64Array.of(0.1, 0.4, 0.4, 0.8)
    const fails = Uint8Array.of(1, 0, 1, 0)
    const copies = { scores: Float64Array.of(0.1, 0.1, 0.4, 0.4, 0.8), fails: Uint8Array.of(1, 1, 0, 1, 0) }
    expect(rocAuc(rank(scores, fails), Float64Array.of(2, 1, 1, 1))).toBe(
      rocAuc(rank(copies.scores, copies.fails), new Float64Array(5).fill(1)),
    )
  })

  it('leaves observations without a score out', () => {
    const ranking = rank(Float64Array.of(NaN, 0.2, 0.9, NaN), Uint8Array.of(0, 1, 0, 1))
    expect([...ranking.order]).toEqual([1, 2])
    expect(rocAuc(ranking, Float64Array.of(5, 1, 1, 5))).toBe(1)
  })

  it('is NaN when all weight is on one class', () => {
    const ranking = rank(Float64Array.of(0.1, 0.2), Uint8Array.of(1, 0))
    expect(rocAuc(ranking, Float64Array.of(1, 0))).toBeNaN()
    expect(rocAuc(ranking, Float64Array.of(0, 1))).toBeNaN()
  })
})

describe('rocPoints', () => {
  it('goes from (0, 0) to (1, 1), never back, and encloses the AUC', () => {
    fc.assert(
      fc.property(scored, ({ scores, fails, weights }) => {
        const ranking = rank(scores, fails)
        const points = rocPoints(ranking, weights)
        expect(points[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 })
        expect(points.at(-1)?.falsePositiveRate).toBeCloseTo(1, 12)
        expect(points.at(-1)?.truePositiveRate).toBeCloseTo(1, 12)
        let area = 0
        points.slice(1).forEach((point, at) => {
          const before = points[at] ?? point
          expect(point.threshold).toBeGreaterThan(before.threshold)
          expect(point.falsePositiveRate).toBeGreaterThanOrEqual(before.falsePositiveRate)
          expect(point.truePositiveRate).toBeGreaterThanOrEqual(before.truePositiveRate)
          area +=
            ((point.falsePositiveRate - before.falsePositiveRate) *
              (point.truePositiveRate + before.truePositiveRate)) /
            2
        })
        expect(area).toBeCloseTo(rocAuc(ranking, weights), 12)
      }),
    )
  })

  it('states at each corner the threshold that gives it', () => {
    fc.assert(
      fc.property(scored, ({ scores, fails, weights }) => {
        for (const point of rocPoints(rank(scores, fails), weights)) {
          const rate = (failing: number) => {
            const own = [...scores.keys()].filter((at) => fails[at] === failing)
            const weigh = (rows: number[]) => rows.reduce((sum, at) => sum + (weights[at] ?? NaN), 0)
            return weigh(own.filter((at) => (scores[at] ?? NaN) < point.threshold)) / weigh(own)
          }
          expect(point.truePositiveRate).toBeCloseTo(rate(1), 12)
          expect(point.falsePositiveRate).toBeCloseTo(rate(0), 12)
        }
      }),
    )
  })
})

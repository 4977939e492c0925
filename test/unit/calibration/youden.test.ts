import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank } from '../../../src/engine/calibration/roc.ts'
import { youdenThreshold } from '../../../src/engine/calibration/youden.ts'
import { youdenAt } from './samples.ts'

const rows = fc
  .array(
    fc.record({
      score: fc.integer({ min: 0, max: 9 }).map((level) => level / 8),
      fails: fc.constantFrom(0, 1),
      weight: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((all) => all.some(({ fails }) => fails === 1) && all.some(({ fails }) => fails === 0))

describe('youdenThreshold', () => {
  it('is the lowest best of all midpoints between neighbouring distinct scores', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const scores = Float64Array.from(all, ({ score }) => score)
        const fails = Uint8Array.from(all, (row) => row.fails)
        const weights = Float64Array.from(all, ({ weight }) => weight)
        const distinct = [...new Set(scores)].sort((a, b) => a - b)
        fc.pre(distinct.length > 1)
        const candidates = distinct.slice(1).map((score, at) => (score + (distinct[at] ?? NaN)) / 2)
        const judged = candidates.map((threshold) => ({
          threshold,
          youden: youdenAt(threshold, scores, fails, weights),
        }))
        const highest = Math.max(...judged.map(({ youden }) => youden))
        const expected = judged.find(({ youden }) => youden > highest - 1e-12)
        const found = youdenThreshold(rank(scores, fails), weights)
        expect(found.threshold).toBe(expected?.threshold)
        expect(found.youden).toBeCloseTo(highest, 12)
      }),
    )
  })

  it('predicts fewer failures on a tie', () => {
    // .15 and .35 both give J = 1/2.
    const ranking = rank(Float64Array.of(0.1, 0.2, 0.3, 0.4), Uint8Array.of(1, 0, 1, 0))
    expect(youdenThreshold(ranking, new Float64Array(4).fill(1))).toEqual({
      threshold: expect.closeTo(0.15, 12) as number,
      youden: 0.5,
    })
  })

  it('does not see observations of weight 0', () => {
    const ranking = rank(Float64Array.of(0.1, 0.2, 0.3, 0.4), Uint8Array.of(1, 0, 1, 0))
    expect(youdenThreshold(ranking, Float64Array.of(0, 0, 1, 1)).threshold).toBeCloseTo(0.35, 12)
    expect(youdenThreshold(ranking, Float64Array.of(1, 0, 0, 1)).threshold).toBeCloseTo(0.25, 12)
  })

  it('fails nothing where all scores are the same', () => {
    const ranking = rank(Float64Array.of(0.7, 0.7), Uint8Array.of(1, 0))
    expect(youdenThreshold(ranking, Float64Array.of(1, 1))).toEqual({ threshold: 0.7, youden: 0 })
  })
})

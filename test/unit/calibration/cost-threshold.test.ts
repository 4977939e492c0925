import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costThreshold } from '../../../src/engine/calibration/cost-threshold.ts'
import { rank } from '../../../src/engine/calibration/roc.ts'

const rows = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 9 }).map((level) => level / 8),
    fails: fc.constantFrom(0, 1),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
)
type Row = { score: number; fails: number; weight: number }

function thresholdOf(all: readonly Row[], ratio: number): number {
  const ranking = rank(
    Float64Array.from(all, ({ score }) => score),
    Uint8Array.from(all, ({ fails }) => fails),
  )
  return costThreshold(
    ranking,
    Float64Array.from(all, ({ weight }) => weight),
    ratio,
  )
}

function costAt(all: readonly Row[], threshold: number, ratio: number): number {
  return all.reduce((sum, { score, fails, weight }) => {
    const predicted = score < threshold
    if (fails === 1) return sum + (predicted ? 0 : ratio * weight)
    return sum + (predicted ? weight : 0)
  }, 0)
}

describe('costThreshold', () => {
  it('is the lowest of the cheapest thresholds, nothing and everything failing among them', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.25, 1, 3, 40), (all, ratio) => {
        const distinct = [...new Set(all.map(({ score }) => score))].sort((a, b) => a - b)
        const candidates = [
          (distinct[0] ?? NaN) - 0.01,
          ...distinct.slice(1).map((score, at) => (score + (distinct[at] ?? NaN)) / 2),
          (distinct.at(-1) ?? NaN) + 0.01,
        ]
        const costs = candidates.map((threshold) => costAt(all, threshold, ratio))
        const cheapest = candidates[costs.indexOf(Math.min(...costs))] ?? NaN
        expect(thresholdOf(all, ratio)).toBeCloseTo(cheapest, 12)
      }),
    )
  })

  it('lets nothing fail when alarms are dear, and everything when misses are', () => {
    const mixed: Row[] = [0.1, 0.2, 0.3, 0.4].map((score, at) => ({ score, fails: at % 2, weight: 1 }))
    expect(thresholdOf(mixed, 0.001)).toBeCloseTo(0.09, 12)
    expect(thresholdOf(mixed, 1000)).toBeCloseTo(0.41, 12)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  forEachResample,
  logitInterval,
  percentileInterval,
  quantile,
  resampledWeights,
} from '../../../src/engine/calibration/bootstrap.ts'
import { sampleOf } from '../../../src/engine/calibration/observations.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'

function draws(groups: number, seed: number, resamples: number): number[][] {
  const all: number[][] = []
  forEachResample(groups, { seed, resamples }, (drawn) => all.push([...drawn]))
  return all
}

describe('forEachResample', () => {
  it('draws as many groups as there are, seeded', () => {
    const first = draws(30, 4, 50)
    expect(first).toHaveLength(50)
    for (const drawn of first) expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(draws(30, 4, 50)).toEqual(first)
    expect(draws(30, 5, 50)).not.toEqual(first)
  })

  it('begins with the same resamples however many follow', () => {
    expect(draws(10, 1, 20).slice(0, 5)).toEqual(draws(10, 1, 5))
  })

  it('draws with replacement: a group is missing from a resample with probability (1 - 1/n)^n', () => {
    const all = draws(20, 3, 5000)
    const missing = all.flat().filter((count) => count === 0).length / (20 * 5000)
    expect(missing).toBeCloseTo((1 - 1 / 20) ** 20, 2)
    const ofFirst = all.reduce((sum, drawn) => sum + (drawn[0] ?? 0), 0) / 5000
    expect(Math.abs(ofFirst - 1)).toBeLessThan(0.06)
  })
})

describe('resampledWeights', () => {
  it('gives all maps of a sequence the count of their sequence', () => {
    const sample = sampleOf(syntheticObservations(6, { perSequence: 3 }))
    const weights = resampledWeights(sample, Int32Array.of(0, 2), new Float64Array(6))
    expect([...weights]).toEqual([0, 0, 0, ...[...sample.weights].slice(3).map((weight) => 2 * weight)])
  })
})

describe('quantile', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([10, 20, 30, 40, 50], 0.5)).toBe(30)
    expect(quantile([10, 20, 30, 40, 50], 0.1)).toBeCloseTo(14, 12)
    expect(quantile([10], 0.975)).toBe(10)
  })

  it('stays between the extremes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const { low, high } = percentileInterval(values)
        expect(low).toBeGreaterThanOrEqual(Math.min(...values))
        expect(high).toBeLessThanOrEqual(Math.max(...values))
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })
})

describe('percentileInterval', () => {
  it('holds the middle 95 %, without what could not be computed', () => {
    const values = Array.from({ length: 1001 }, (_, at) => 1000 - at)
    expect(percentileInterval(values)).toEqual({ low: 25, high: 975 })
    expect(percentileInterval([NaN, ...values, NaN])).toEqual({ low: 25, high: 975 })
  })
})

describe('logitInterval', () => {
  const resamples = Array.from({ length: 400 }, (_, at) => 1 / (1 + Math.exp(-(2 + Math.sin(at * 7.3)))))

  it('is the logit of the value, plus and minus 1.96 standard deviations of the logits', () => {
    const logits = resamples.map((p) => Math.log(p / (1 - p)))
    const mean = logits.reduce((sum, each) => sum + each, 0) / 400
    const deviation = Math.sqrt(logits.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 399)
    const { low, high } = logitInterval(0.9, [...resamples, NaN])
    expect(Math.log(low / (1 - low))).toBeCloseTo(Math.log(9) - 1.959964 * deviation, 9)
    expect(Math.log(high / (1 - high))).toBeCloseTo(Math.log(9) + 1.959964 * deviation, 9)
  })

  it('encloses the value, stays within 0 and 1, and has no width where nothing varies', () => {
    const { low, high } = logitInterval(0.97, resamples)
    expect(low).toBeLessThan(0.97)
    expect(high).toBeGreaterThan(0.97)
    expect(high).toBeLessThan(1)
    expect(logitInterval(0.5, [0.5, 0.5, 0.5])).toEqual({ low: 0.5, high: 0.5 })
  })

  it('is the percentile interval where a logit is not finite', () => {
    const separated = [...resamples, 1]
    expect(logitInterval(0.95, separated)).toEqual(percentileInterval(separated))
    expect(logitInterval(1, resamples)).toEqual(percentileInterval(resamples))
  })
})

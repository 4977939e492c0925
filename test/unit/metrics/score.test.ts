import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemRegions } from '../../../src/engine/metrics/regions.ts'
import {
  hasTau,
  scoreMap,
  scoreMetric,
  scoreShares,
  usesPositivePart,
} from '../../../src/engine/metrics/score.ts'
import { SHARE_METRICS, type MetricName } from '../../../src/shared/names.ts'

const regions = itemRegions(1, 3, [1, 0, 1])
const scored = (values: number[], tau = 0.8) => {
  const { scores, ...rest } = scoreMap({ map: Float64Array.from(values), rows: 1, columns: 3, regions, tau })
  const score = (metric: MetricName) => scores.find((row) => row.metric === metric)
  return { ...rest, scores, score }
}

describe('scoreMap', () => {
  it('gives every metric once, in the order of the list', () => {
    expect(scored([1, 1, 1]).scores.map(({ metric }) => metric)).toEqual([...SHARE_METRICS])
  })

  it('marks a value outside [0, 1] and keeps it', () => {
    const { score } = scored([0.8, -0.7, 0.9])
    expect(score('percentage')).toMatchObject({
      state: 'out_of_range',
      value: expect.closeTo(1.7, 12) as number,
    })
    expect(score('capped_percentage')).toMatchObject({
      state: 'out_of_range',
      value: expect.closeTo(1.6, 12) as number,
    })
    expect(score('cosine')?.state).toBe('ok')
    expect(score('dominance')?.state).toBe('ok')
    expect(score('percentage_positive')).toEqual({ metric: 'percentage_positive', value: 1, state: 'ok' })
  })

  it('marks a negative cosine as out of range', () => {
    const { score } = scored([-1, 3, -1])
    expect(score('cosine')?.state).toBe('out_of_range')
    expect(score('cosine')?.value).toBeLessThan(0)
  })

  it('does not call rounding out of range', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 }),
        ([a = 0, b = 0]) => {
          fc.pre(a + b > 0)
          expect(scored([a, 0, b]).score('percentage')?.state).toBe('ok')
        },
      ),
    )
  })

  it('says no relevance for a map of zeros: 0, and nothing for dominance', () => {
    for (const { metric, value, state } of scored([0, 0, 0]).scores) {
      expect(state).toBe('no_relevance')
      expect(value).toBe(metric.startsWith('dominance') ? null : 0)
    }
  })

  it('says undefined for a sample without regions, whatever its relevance', () => {
    for (const { value, state } of scoreMap({
      map: Float64Array.of(1, 0, 2),
      rows: 1,
      columns: 3,
      regions: [],
      tau: 0.8,
    }).scores) {
      expect({ value, state }).toEqual({ value: null, state: 'undefined' })
    }
  })

  it('judges the signed map and its positive part apart', () => {
    const { score, shares, sharesPositive, total, absolute } = scored([1, -1, 0])
    expect({ shares, sharesPositive, total, absolute }).toEqual({
      shares: [0, 0, 0],
      sharesPositive: [1, 0, 0],
      total: 0,
      absolute: 2,
    })
    expect(score('percentage')).toEqual({ metric: 'percentage', value: 0, state: 'no_relevance' })
    expect(score('percentage_positive')).toEqual({ metric: 'percentage_positive', value: 1, state: 'ok' })
  })

  it('says undefined for the dominance of a map on the odd item', () => {
    expect(scored([0, 1, 0]).score('dominance')).toEqual({
      metric: 'dominance',
      value: null,
      state: 'undefined',
    })
    expect(scored([0, 1, 0]).score('percentage')).toEqual({ metric: 'percentage', value: 0, state: 'ok' })
  })

  it('uses tau for the capped percentages alone', () => {
    const [low, high] = [scored([9, 1, 0], 0.5), scored([9, 1, 0], 0.7)]
    for (const metric of SHARE_METRICS) {
      if (hasTau(metric)) expect(high.score(metric)?.value).not.toBe(low.score(metric)?.value)
      else expect(high.score(metric)).toEqual(low.score(metric))
    }
    expect(low.score('capped_percentage')?.value).toBe(0.5)
  })
})

describe('scoreShares', () => {
  it('gives from stored shares what the map gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (values) => {
          const { shares, sharesPositive, scores } = scored(values, 0.63)
          const stored = JSON.parse(JSON.stringify({ shares, sharesPositive })) as {
            shares: number[]
            sharesPositive: number[]
          }
          expect(scoreShares(stored, [1, 0, 1], 0.63)).toEqual(scores)
        },
      ),
    )
  })

  it('equals its positive variant for maps without negative values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (values) => {
          const { score } = scored(values)
          for (const metric of SHARE_METRICS.filter(usesPositivePart)) {
            const signed = SHARE_METRICS.find((name) => `${name}_positive` === metric)
            if (signed === undefined) throw new Error(`No signed variant of ${metric}`)
            expect(score(metric)).toEqual({ ...score(signed), metric })
          }
        },
      ),
    )
  })

  it('refuses a different number of marks and shares', () => {
    const stored = { shares: [0.5, 0.5], sharesPositive: [0.5, 0.5] }
    expect(() => scoreMetric('cosine', stored, [1, 0, 1], 0.8)).toThrow(/3 marks for 2 shares/)
  })
})

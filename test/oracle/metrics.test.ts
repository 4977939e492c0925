import { describe, expect, it } from 'vitest'
import { itemRegions } from '../../src/engine/metrics/regions.ts'
import { scoreMap } from '../../src/engine/metrics/score.ts'
import type { MetricName } from '../../src/shared/names.ts'

const ROWS = [0.1, 0.2, 0.05, 0, 0.3, 0.05, 0, 0.1, 0.05, 0.05, 0.1, 0]
const regions = itemRegions(2, 6, [1, 0, 1])

function scored(values: number[], tau = 0.8) {
  const result = scoreMap({ map: Float64Array.from(values), rows: 2, columns: 6, regions, tau })
  const valueOf = (metric: MetricName) => result.scores.find((score) => score.metric === metric)?.value ?? NaN
  const stateOf = (metric: MetricName) => result.scores.find((score) => score.metric === metric)?.state
  return { ...result, valueOf, stateOf }
}

describe('share metrics of a map worked out by hand', () => {
  it('without negative relevance', () => {
    const { shares, total, absolute, valueOf } = scored(ROWS)
    ;[0.4, 0.15, 0.45].forEach((share, item) => expect(shares[item]).toBeCloseTo(share, 12))
    expect(total).toBeCloseTo(1, 12)
    expect(absolute).toBeCloseTo(1, 12)
    expect(valueOf('percentage')).toBeCloseTo(0.85, 12)
    expect(valueOf('capped_percentage')).toBeCloseTo(0.85, 12)
    expect(scored(ROWS, 0.42).valueOf('capped_percentage')).toBeCloseTo(0.82, 12)
    expect(valueOf('cosine')).toBeCloseTo(0.9686648999, 10)
    expect(valueOf('dominance')).toBeCloseTo(0.5294117647, 10)
  })

  it('with the pixel in row 1, column 3 at -.45', () => {
    const { shares, sharesPositive, total, absolute, valueOf, stateOf } = scored(ROWS.with(2, -0.45))
    ;[0.8, -0.7, 0.9].forEach((share, item) => expect(shares[item]).toBeCloseTo(share, 12))
    ;[0.4, 0.1, 0.45].forEach((sum, item) => expect(sharesPositive[item]).toBeCloseTo(sum / 0.95, 12))
    expect(total).toBeCloseTo(0.5, 12)
    expect(absolute).toBeCloseTo(1.4, 12)
    expect(valueOf('percentage')).toBeCloseTo(1.7, 12)
    expect(stateOf('percentage')).toBe('out_of_range')
    expect(valueOf('cosine')).toBeCloseTo(0.8630442404, 10)
    expect(valueOf('percentage_positive')).toBeCloseTo(0.85 / 0.95, 12)
    expect(stateOf('percentage_positive')).toBe('ok')
  })

  it('in float32, as maps are stored', () => {
    const { scores } = scoreMap({ map: Float32Array.from(ROWS), rows: 2, columns: 6, regions, tau: 0.42 })
    const expected: Partial<Record<MetricName, number>> = {
      percentage: 0.85,
      capped_percentage: 0.82,
      cosine: 0.9686648999,
      dominance: 0.5294117647,
    }
    for (const { metric, value } of scores) {
      const exact = expected[metric]
      if (exact !== undefined) expect(value).toBeCloseTo(exact, 6)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { fitWarnings } from '../../../src/engine/calibration/warnings.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'

const observations = syntheticObservations(10)
const fine: Parameters<typeof fitWarnings>[0] = {
  metric: 'capped_percentage',
  observations,
  values: new Float64Array(10).fill(0.5),
  tau: 0.8,
  foldsJudged: 5,
  skipped: 0,
}

describe('fitWarnings', () => {
  it('has nothing to say about a sound fit', () => {
    expect(fitWarnings(fine)).toEqual([])
    expect(fitWarnings({ ...fine, tau: null })).toEqual([])
    expect(fitWarnings({ ...fine, values: Float64Array.of(0, 1, 1 + 1e-13, -1e-13, NaN) })).toEqual([])
  })

  it.each<[string, Partial<typeof fine>, RegExp]>([
    [
      'no random part',
      { observations: observations.map((row) => ({ ...row, drawnAtRandom: false })) },
      /random part/,
    ],
    [
      'no probability',
      { observations: observations.map((row) => ({ ...row, probability: null })) },
      /is not weighted/,
    ],
    [
      'an unknown probability',
      { observations: observations.map((row, at) => (at === 3 ? { ...row, probability: null } : row)) },
      /^1 of 10 maps/,
    ],
    [
      'a value below 0',
      { values: Float64Array.of(-0.1, 0.5) },
      /^1 of 10 maps has a value outside .* kept as it is.*capped_percentage_positive/,
    ],
    [
      'a value above 1',
      { values: Float64Array.of(0.5, 1.1, 1.2) },
      /^2 of 10 maps have values outside .* kept as they are/,
    ],
    ['the least tau', { tau: 0.5 }, /^Tau 0\.50 lies at the border/],
    ['the largest tau', { tau: 1 }, /^Tau 1\.00 lies at the border/],
    ['a fold that could not be fitted', { foldsJudged: 4 }, /^Only 4 of 5 folds/],
    ['resamples of one class', { skipped: 12 }, /^12 resamples/],
  ])('tells of %s', (_, change, sentence) => {
    const warnings = fitWarnings({ ...fine, ...change })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(sentence)
  })

  it('does not point from a positive variant to itself', () => {
    const [warning] = fitWarnings({ ...fine, metric: 'cosine_positive', values: Float64Array.of(1.5) })
    expect(warning).not.toContain('Compare')
  })
})

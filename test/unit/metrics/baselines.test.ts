import { describe, expect, it } from 'vitest'
import { baselineScores } from '../../../src/engine/metrics/baselines.ts'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'
import { itemRegions } from '../../../src/engine/metrics/regions.ts'
import { scoreMap } from '../../../src/engine/metrics/score.ts'

const sample = {
  rows: 28,
  columns: 84,
  regions: itemRegions(28, 84, [1, 0, 1]),
  tau: 0.8,
  seed: 7,
  sampleIndex: 3,
}

describe('baselineScores', () => {
  it('gives the known values of a uniform map', () => {
    const values = Object.fromEntries(
      baselineScores(sample).uniform.map(({ metric, value }) => [metric, value]),
    )
    expect(values['percentage']).toBeCloseTo(2 / 3, 12)
    expect(values['capped_percentage']).toBeCloseTo(2 / 3, 12)
    expect(values['cosine']).toBeCloseTo(Math.sqrt(2 / 3), 12)
    expect(values['dominance']).toBeCloseTo(1 / 2, 12)
    expect(values['cosine_positive']).toBeCloseTo(Math.sqrt(2 / 3), 12)
  })

  it('scores the very map of the method random', () => {
    const { rows, columns, regions, tau, seed, sampleIndex } = sample
    const map = randomMap(rows * columns, seed, sampleIndex)
    expect(baselineScores(sample).random).toEqual(scoreMap({ map, rows, columns, regions, tau }).scores)
  })

  it('differs between samples and seeds for random, not for uniform', () => {
    const here = baselineScores(sample)
    for (const other of [
      { ...sample, sampleIndex: 4 },
      { ...sample, seed: 8 },
    ]) {
      expect(baselineScores(other).random).not.toEqual(here.random)
      expect(baselineScores(other).uniform).toEqual(here.uniform)
    }
  })
})

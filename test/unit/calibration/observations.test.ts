import { describe, expect, it } from 'vitest'
import {
  canScore,
  directionOf,
  failureScores,
  sampleOf,
} from '../../../src/engine/calibration/observations.ts'
import { METRICS } from '../../../src/shared/names.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'

const [observation] = syntheticObservations(1)
if (observation === undefined) throw new Error('No observation')
const withShares = (shares: number[]) => sampleOf([{ ...observation, shares, sharesPositive: shares }])

describe('sampleOf', () => {
  it('weighs by inverse probability, and by 1 where it is unknown', () => {
    const rows = [0.05, 1, null].map((probability, at) => ({ ...observation, mapId: at, probability }))
    expect([...sampleOf(rows).weights]).toEqual([20, 1, 1])
  })

  it.each([0, -0.1, 1.01, NaN, Infinity])('refuses the probability %f', (probability) => {
    expect(() => sampleOf([{ ...observation, mapId: 17, probability }])).toThrow(/for map 17/)
  })

  it('orders by map id and numbers the base sequences', () => {
    const rows = [
      { ...observation, mapId: 3, sequenceId: 70, fails: true },
      { ...observation, mapId: 1, sequenceId: 90, fails: false },
      { ...observation, mapId: 2, sequenceId: 70, fails: false },
    ]
    const sample = sampleOf(rows)
    expect([...sample.fails]).toEqual([0, 0, 1])
    expect([...sample.sequence]).toEqual([1, 0, 0])
    expect(sample.sequences).toBe(2)
  })
})

describe('failureScores', () => {
  it('turns dominance and entropy round and leaves the other metrics as they are', () => {
    const sample = withShares([0.3, 0.6, 0.1])
    expect(failureScores(sample, 'dominance', null)[0]).toBeCloseTo(-2 / 3, 11)
    expect(failureScores(sample, 'percentage', null)[0]).toBeCloseTo(0.9, 11)
    expect(failureScores(sample, 'capped_percentage', 0.5)[0]).toBeCloseTo(0.8, 11)
    expect(METRICS.filter((metric) => directionOf(metric) === 'above')).toEqual([
      'dominance',
      'dominance_positive',
      'entropy',
    ])
  })

  it('ties values that differ by the order of summation only', () => {
    expect(0.1 + 0.2 + 0.3).not.toBe(0.3 + 0.2 + 0.1)
    const marks = [1, 1, 1, 0] as const
    const scoreOf = (shares: number[]) =>
      failureScores(sampleOf([{ ...observation, shares, marks: [...marks] }]), 'percentage', null)[0]
    expect(scoreOf([0.1, 0.2, 0.3, 0.4])).toBe(scoreOf([0.3, 0.2, 0.1, 0.4]))
  })

  it('is NaN where the metric is undefined', () => {
    expect(failureScores(withShares([0, 0, 1]), 'dominance', null)[0]).toBeNaN()
    expect(failureScores(withShares([0, 0, 1]), 'percentage', null)[0]).toBe(0)
  })
})

describe('canScore', () => {
  it('needs positive shares of every map for the positive variants', () => {
    const { sharesPositive, ...without } = observation
    expect(sharesPositive).toBeDefined()
    expect(canScore(sampleOf([observation]), 'cosine_positive')).toBe(true)
    expect(canScore(sampleOf([observation, without]), 'cosine_positive')).toBe(false)
    expect(canScore(sampleOf([without]), 'cosine')).toBe(true)
  })
})

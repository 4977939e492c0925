import { describe, expect, it } from 'vitest'
import {
  conformalThreshold,
  heaviestSequence,
  sequencesForRate,
  tauHalf,
} from '../../../src/engine/calibration/conformal-threshold.ts'
import { sampleOf } from '../../../src/engine/calibration/observations.ts'
import { rank } from '../../../src/engine/calibration/roc.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

interface Flag {
  score: number
  sequence: number
  weight?: number
}

/** All of them failing. */
function thresholdOf(flags: readonly Flag[], rate: number) {
  const fails = Uint8Array.from(flags, () => 1)
  const ranking = rank(
    Float64Array.from(flags, ({ score }) => score),
    fails,
  )
  const weights = Float64Array.from(flags, ({ weight = 1 }) => weight)
  const sequence = Int32Array.from(flags, (flag) => flag.sequence)
  const sequences = Math.max(...sequence) + 1
  const heaviest = heaviestSequence(ranking, { weights, sequence, sequences })
  return conformalThreshold(ranking, weights, { sequence, heaviest, rate })
}

const alone = (scores: readonly number[]): Flag[] => scores.map((score, sequence) => ({ score, sequence }))

describe('conformalThreshold', () => {
  it.each([0.05, 0.1, 0.25, 0.5])(
    'with one flag a sequence lies just above order statistic ceil((n + 1)(1 - %f))',
    (rate) => {
      const scores = Array.from({ length: 59 }, (_, at) => ((at * 37) % 59) / 59)
      const { threshold, flags, sequences, missed } = thresholdOf(alone(scores), rate)
      const rankOf = Math.ceil(60 * (1 - rate) - 1e-9)
      const ascending = scores.toSorted((a, b) => a - b)
      expect(threshold).toBeGreaterThan(ascending[rankOf - 1] ?? NaN)
      expect(threshold).toBeLessThan(ascending[rankOf] ?? Infinity)
      expect({ flags, sequences }).toEqual({ flags: 59, sequences: 59 })
      expect(missed).toBeCloseTo(1 - rankOf / 59, 12)
    },
  )

  it('is none where the flags are fewer than 1 / rate - 1, and is one from there on', () => {
    for (const rate of [0.05, 0.1, 0.3]) {
      const least = sequencesForRate(rate)
      const flags = (count: number) => alone(Array.from({ length: count }, (_, at) => at))
      expect(thresholdOf(flags(least - 1), rate).threshold).toBeNull()
      expect(thresholdOf(flags(least), rate).threshold).not.toBeNull()
    }
    expect([0.05, 0.1, 0.5].map(sequencesForRate)).toEqual([19, 9, 1])
  })

  it('counts sequences, not maps: copies of a map within its sequence change nothing', () => {
    const once = alone(Array.from({ length: 30 }, (_, at) => at / 30))
    const thrice = once.flatMap((flag) => [flag, flag, flag])
    const { threshold, effectiveSequences } = thresholdOf(thrice, 0.1)
    expect(threshold).toBe(thresholdOf(once, 0.1).threshold)
    expect(effectiveSequences).toBeCloseTo(30, 12)
  })

  it('is as tight as the heaviest sequence allows', () => {
    const flags = alone(Array.from({ length: 30 }, (_, at) => at / 30))
    const [first, ...others] = flags
    const uneven = thresholdOf([{ ...(first ?? { score: 0, sequence: 0 }), weight: 10 }, ...others], 0.1)
    expect(uneven.effectiveSequences).toBeCloseTo(3.9, 12)
    expect(uneven.threshold).toBeNull()
  })

  it('misses no more than the rate of the failing maps of further sequences, on average, clusters and all', () => {
    const rate = 0.1
    const generator = seededGenerator(7, 'conformal test')
    const draw = (sequences: number): Flag[] =>
      Array.from({ length: sequences }, (_, sequence) => {
        const own = generator.normal()
        return Array.from({ length: generator.uniformInt(1, 4) }, () => ({
          score: own + 0.3 * generator.normal(),
          sequence,
        }))
      }).flat()
    const misses = Array.from({ length: 400 }, () => {
      const { threshold } = thresholdOf(draw(40), rate)
      const further = draw(50)
      return further.filter(({ score }) => score >= (threshold ?? Infinity)).length / further.length
    })
    const mean = misses.reduce((sum, miss) => sum + miss, 0) / misses.length
    expect(mean).toBeLessThan(rate + 0.005)
    expect(mean).toBeGreaterThan(rate / 2)
  })
})

describe('tauHalf', () => {
  it('puts all maps of a sequence into one half, and failures into both', () => {
    const sample = sampleOf(syntheticObservations(200))
    const half = tauHalf(sample, 3)
    const bySequence = Map.groupBy(half.keys(), (at) => sample.sequence[at])
    for (const members of bySequence.values()) expect(new Set(members.map((at) => half[at])).size).toBe(1)
    const failing = [0, 1].map(
      (which) => half.filter((own, at) => own === which && sample.fails[at] === 1).length,
    )
    expect(Math.min(...failing)).toBeGreaterThan(20)
    expect(tauHalf(sample, 3)).toEqual(half)
    expect(tauHalf(sample, 4)).not.toEqual(half)
  })
})

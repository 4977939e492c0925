import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Observation } from '../../../src/engine/calibration/observations.ts'

/** Seeded numbers in [0, 1). */
export function numbers(seed: number): () => number {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** Made-up heatmaps of three items with two majority items; the reviewers fail single-item dominance, with some noise. */
export function syntheticObservations(
  count: number,
  { seed = 1, perSequence = 2, noise = 0.15 }: { seed?: number; perSequence?: number; noise?: number } = {},
): Observation[] {
  const next = numbers(seed)
  return Array.from({ length: count }, (_, index) => {
    const sums = [next() ** 3, next() ** 3, next() * 0.4]
    const total = sums.reduce((sum, value) => sum + value, 0)
    const shares = sums.map((sum) => sum / total)
    const [first = 0, second = 0] = shares
    const dominance = Math.max(first, second) / (first + second)
    return {
      mapId: index + 1,
      sequenceId: Math.floor(index / perSequence) + 100,
      shares,
      sharesPositive: shares,
      marks: [1, 1, 0],
      fails: dominance + noise * (next() - 0.5) > 0.85,
      probability: 0.1 + 0.9 * next(),
      drawnAtRandom: index % 5 === 0,
    }
  })
}

/** A weighted ROC-AUC straight from its definition: all pairs of a failing and an accepted score. */
export function aucOfPairs(
  scores: ArrayLike<number>,
  fails: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let ordered = 0
  let pairs = 0
  for (let failing = 0; failing < scores.length; failing += 1) {
    if (fails[failing] !== 1) continue
    for (let accepted = 0; accepted < scores.length; accepted += 1) {
      if (fails[accepted] === 1) continue
      const weight = (weights[failing] ?? NaN) * (weights[accepted] ?? NaN)
      const difference = (scores[accepted] ?? NaN) - (scores[failing] ?? NaN)
      pairs += weight
      ordered += weight * (difference > 0 ? 1 : difference === 0 ? 0.5 : 0)
    }
  }
  return ordered / pairs
}

/** Youden's J of one threshold, by going through all observations. */
export function youdenAt(
  threshold: number,
  scores: ArrayLike<number>,
  fails: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  const part = (failing: number, below: boolean) =>
    Array.from(scores).reduce(
      (sum, score, at) =>
        sum + (fails[at] === failing && (!below || score < threshold) ? (weights[at] ?? NaN) : 0),
      0,
    )
  return part(1, true) / part(1, false) - part(0, true) / part(0, false)
}

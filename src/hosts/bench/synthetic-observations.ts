import type { Observation } from '../../engine/calibration/observations.ts'
import { seededGenerator } from '../../shared/seeds.ts'

export interface SyntheticOptions {
  seed?: number
  /** Maps that explain the same sequence. */
  perSequence?: number
  /** How far the reviewers' limit of dominance wanders. */
  noise?: number
}

/** Made-up heatmaps of three items with two majority items; the reviewers fail single-item dominance, with some noise. */
export function syntheticObservations(
  count: number,
  { seed = 1, perSequence = 2, noise = 0.15 }: SyntheticOptions = {},
): Observation[] {
  const generator = seededGenerator(seed, 'synthetic observations')
  const float = () => generator.float()
  return Array.from({ length: count }, (_, index) => {
    const sums = [float() ** 3, float() ** 3, float() * 0.4]
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
      fails: dominance + noise * (float() - 0.5) > 0.85,
      probability: 0.1 + 0.9 * float(),
      drawnAtRandom: index % 5 === 0,
    }
  })
}

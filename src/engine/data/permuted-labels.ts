import { seededGenerator } from '../../shared/seeds.ts'

/**
 * The labels in a random order, the same for the same seed: as many of every class, but none that the image has evidence for
 * other than by chance (the control of Adebayo et al. 2018, 'data randomization test').
 *
 * @param labels [N]
 */
export function permutedLabels(labels: ArrayLike<number>, seed: number): Uint8Array {
  return seededGenerator(seed, 'random labels').shuffle(Uint8Array.from(labels))
}

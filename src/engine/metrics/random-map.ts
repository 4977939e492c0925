import { seededGenerator } from '../../shared/seeds.ts'

/** The largest float32 below 1. */
const LARGEST = 1 - 2 ** -24

/**
 * Uniform noise in [0, 1): the map of the method `random` and the random baseline of every metric.
 * The values depend on the seed and the sample's index alone, never on the batch that the sample is in.
 *
 * @param length pixels of the map, rows x columns
 */
export function randomMap(length: number, seed: number, sampleIndex: number): Float32Array {
  const generator = seededGenerator(seed, 'random map', sampleIndex)
  const map = new Float32Array(length)
  for (let pixel = 0; pixel < length; pixel += 1) map[pixel] = Math.min(generator.float(), LARGEST)
  return map
}

import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32'
import { seededGenerator } from './seeded-generator.ts'

/**
 * Uniform noise in [0, 1): the map of the method `random` and the random baseline of every metric.
 * The values depend on the seed and the sample's index alone, never on the batch that the sample is in.
 *
 * @param length pixels of the map, rows x columns
 */
export function randomMap(length: number, seed: number, sampleIndex: number): Float32Array {
  const generator = seededGenerator(seed, sampleIndex)
  const map = new Float32Array(length)
  for (let pixel = 0; pixel < length; pixel += 1) map[pixel] = uniformFloat32(generator)
  return map
}

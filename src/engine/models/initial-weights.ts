import { seededGenerator, type SeededGenerator } from '../../shared/seeds.ts'
import type { NamedTensor } from '../exchange/safetensors.ts'
import type { ModelLayout } from './layout.ts'

/** `-softplus(-4.600)` is about -.01, the effective bias that training starts with. */
const INITIAL_BIAS_RAW = -4.6

/** Weights of an untrained network: truncated normal with sigma `1 / sqrt(fan_in)`, gate biases 0; seeded. */
export function initialWeights(layout: ModelLayout, seed: number | string): Map<string, NamedTensor> {
  const weights = new Map<string, NamedTensor>()
  for (const [name, shape] of layout.shapes()) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
    if (name.endsWith('.weight')) {
      const generator = seededGenerator(seed, 'initial weights', name)
      const sigma = 1 / Math.sqrt(layout.fanIn(name.slice(0, -'.weight'.length)))
      for (let index = 0; index < data.length; index += 1) data[index] = sigma * truncatedNormal(generator)
    } else if (name.endsWith('.bias_raw')) {
      data.fill(INITIAL_BIAS_RAW)
    }
    weights.set(name, { shape, data })
  }
  return weights
}

/** Standard normal, drawn again beyond two standard deviations. */
export function truncatedNormal(generator: SeededGenerator): number {
  for (;;) {
    const value = generator.normal()
    if (Math.abs(value) <= 2) return value
  }
}

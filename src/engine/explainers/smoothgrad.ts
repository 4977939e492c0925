import * as tf from '@tensorflow/tfjs-core'
import { seededGenerator } from '../../shared/seeds.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import type { BatchInputs } from './attribution.ts'
import { meanGradient } from './input-gradient.ts'
import { summedOverChannels } from '../models/channels.ts'

export interface SmoothGradOptions {
  /** Noisy copies of each sample. */
  readonly copies: number
  /** Standard deviation of the noise, in units of the sample's own range `max - min`. */
  readonly sigma: number
  /** Mean of the squared gradient, or of the gradient itself. */
  readonly reduction: 'squared' | 'mean'
  readonly seed: number
}

/**
 * SmoothGrad (Smilkov et al., 2017): the mean of the (squared) gradient over copies of the input with Gaussian noise.
 * The noise of a sample follows from the seed and the sample's index alone, never from its batch; noisy pixels are not
 * clipped. Of a pixel it is the sum over its channels.
 *
 * @returns [N, rows, columns]
 */
export async function smoothGrad(
  model: AnyPreparedModel,
  { images, targets, sampleIndices }: BatchInputs,
  options: SmoothGradOptions,
): Promise<Float32Array> {
  const pixels = images.length / targets.length
  const noises = Array.from(targets, (_, n) =>
    noiseOf(images.subarray(n * pixels, (n + 1) * pixels), sampleIndices[n] ?? n, options),
  )
  const noisy = new Float32Array(images.length)
  const at = () => {
    for (const [n, noise] of noises.entries()) {
      for (let index = n * pixels; index < (n + 1) * pixels; index += 1) {
        noisy[index] = (images[index] ?? 0) + noise()
      }
    }
    return noisy
  }
  const squared = options.reduction === 'squared'
  const reduce = squared ? (gradient: tf.Tensor2D) => tf.square(gradient) : undefined
  const byValue = await meanGradient(model, targets, { count: options.copies, at }, reduce)
  const { channels = 1 } = model.layout.sizes
  return summedOverChannels(byValue, channels)
}

/** The stream of noise of one sample: pixel after pixel, copy after copy. */
export function noiseOf(
  image: Float32Array,
  sampleIndex: number,
  { sigma, seed }: Pick<SmoothGradOptions, 'sigma' | 'seed'>,
): () => number {
  const deviation = sigma * range(image)
  const generator = seededGenerator(seed, 'smoothgrad', sampleIndex)
  return () => deviation * generator.normal()
}

function range(values: Float32Array): number {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}

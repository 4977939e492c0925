import * as tf from '@tensorflow/tfjs-core'
import { seededGenerator, type SeededGenerator } from '../../shared/seeds.ts'
import type { DropoutMasks } from './tape.ts'

export interface DropoutOptions {
  /** Probability that an activation is kept, in (0, 1]. */
  readonly keep: number
  /** One mask a sequence, the same at every step, instead of a fresh one a step. */
  readonly stationary: boolean
  readonly seed: number
  /** The step of training that the masks are for: they depend on it and the seed alone, so training can resume. */
  readonly trainingStep: number
  /** Steps T of the network: stacked masks have T*N rows. */
  readonly steps: number
}

/** Seeded masks of inverted dropout: 0, or 1 / keep. Call it inside `tf.tidy`. */
export function dropoutMasks({ keep, stationary, seed, trainingStep, steps }: DropoutOptions): DropoutMasks {
  const draw = (rows: number, columns: number, place: string, step: number | string) => {
    const generator = seededGenerator(seed, 'dropout', trainingStep, place, step)
    return tf.tensor2d(drawMask(rows * columns, keep, generator), [rows, columns])
  }
  const ofSequence = new Map<string, tf.Tensor2D>()
  return {
    mask(place, [rows, columns], step) {
      if (keep === 1) return undefined
      if (!stationary) return draw(rows, columns, place, step ?? 'all')
      const sequences = step === undefined ? rows / steps : rows
      const known = ofSequence.get(place) ?? draw(sequences, columns, place, 'sequence')
      ofSequence.set(place, known)
      return step === undefined ? tf.tile(known, [steps, 1]) : known
    },
  }
}

/** Every value takes 15 of the 32 bits of a draw. (Looked up: a processor cannot foresee a branch that chance decides.) */
function drawMask(length: number, keep: number, generator: SeededGenerator): Float32Array {
  const mask = new Float32Array(length)
  const threshold = Math.ceil(keep * 2 ** 15)
  const values = Float32Array.of(0, 1 / keep)
  const valueOf = (drawn: number) => values[((drawn & 0x7fff) - threshold) >>> 31] ?? NaN
  for (let index = 0; index < length; index += 2) {
    const drawn = generator.bits()
    mask[index] = valueOf(drawn)
    mask[index + 1] = valueOf(drawn >>> 15)
  }
  return mask
}

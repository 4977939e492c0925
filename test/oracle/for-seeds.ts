import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { BACKENDS } from '../../src/shared/names.ts'
import { EXHAUSTIVE, isSlow } from './backends.ts'

/** The exhaustive tests try so many times more networks, and so many less on slow backends. */
const FACTOR = 10

/** Holds a statement for many random networks. */
export async function forSeeds(statement: (seed: number) => Promise<void>, numRuns = 12): Promise<void> {
  const backend = BACKENDS.find((name) => name === tf.getBackend())
  const slow = backend !== undefined && isSlow(backend)
  const runs = EXHAUSTIVE ? Math.ceil(slow ? numRuns / FACTOR : numRuns * FACTOR) : numRuns
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), statement), { seed: 7, numRuns: runs })
}

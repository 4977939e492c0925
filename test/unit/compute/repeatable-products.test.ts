import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { ALL_BACKENDS_HERE } from '../../oracle/backends.ts'

const LONG = 3072
const TRIES = 12

/** How many different results equal computations have. */
async function differentResults(compute: () => tf.Tensor): Promise<number> {
  const results = new Set<string>()
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const result = compute()
    results.add(Float32Array.from(await result.data()).join())
    result.dispose()
  }
  return results.size
}

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)

describe.each(ALL_BACKENDS_HERE)('equal sums of many products on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('have equal bits as products of matrices', async () => {
    const [left, right] = [random([24, LONG], 1), random([LONG, 40], 2)]
    expect(await differentResults(() => tf.matMul(left, right))).toBe(1)
    const turned = tf.transpose(left)
    expect(await differentResults(() => tf.matMul(turned, right, true))).toBe(1)
    tf.dispose([left, right, turned])
  })

  it('have equal bits as convolutions', async () => {
    const images = random([1, 8, 8, LONG / 24], 1) as tf.Tensor4D
    const kernel = random([4, 6, LONG / 24, 24], 2) as tf.Tensor4D
    expect(await differentResults(() => tf.conv2d(images, kernel, 1, 'same'))).toBe(1)
    tf.dispose([images, kernel])
  })
})

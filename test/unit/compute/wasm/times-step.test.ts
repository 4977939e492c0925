import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { timesStepOnWasm } from '../../../../src/engine/compute/wasm/times-step.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

function timesStep(factor: Float32Array, x: Float32Array): Float32Array {
  return tf.tidy(() => {
    const shape: [number, number] = [1, x.length]
    const product = timesStepOnWasm(tf.tensor2d(factor, shape), tf.tensor2d(x, shape))
    expect(product.shape).toEqual(shape)
    return Float32Array.from(product.dataSync())
  })
}

test('is the factor times 1 where x is above 0, and times 0 elsewhere', () => {
  const pair = fc.tuple(
    fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity)),
    fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 2 ** -149, Infinity, -Infinity)),
  )
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 70 }), (pairs) => {
      const factor = Float32Array.from(pairs, ([value]) => value)
      const x = Float32Array.from(pairs, ([, value]) => value)
      expect(timesStep(factor, x)).toEqual(
        factor.map((value, index) => value * ((x[index] ?? 0) > 0 ? 1 : 0)),
      )
    }),
  )
})

test('what is not finite stays so where the step is 0', () => {
  const factor = Float32Array.of(NaN, Infinity, -Infinity, 1, NaN)
  expect([...timesStep(factor, Float32Array.of(0, 0, 0, 0, -1))]).toEqual([NaN, NaN, NaN, 0, NaN])
})

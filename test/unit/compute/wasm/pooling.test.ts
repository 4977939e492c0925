import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { poolOnWasm, spreadOnWasm } from '../../../../src/engine/compute/wasm/pooling.ts'

// test/unit/models/convolution.test.ts holds both against loops, at random sizes, on every backend.

beforeAll(async () => {
  await useBackend('wasm')
})

const EXTENT = { height: 3, width: 3, channels: 5 }
/** Of a cell whose five channels are all `value`. */
const cells = (...values: number[]) => values.flatMap((value) => Array<number>(5).fill(value))

test('a window that is not finite is alone in it, and so are the cells that it spreads over', () => {
  tf.tidy(() => {
    const images = tf.tensor2d(cells(1, 1, Infinity, 1, NaN, 1, 2, 3, -Infinity), [1, 45])
    expect([...poolOnWasm(images, EXTENT).dataSync()]).toEqual(cells(NaN, Infinity, 5, -Infinity))
    const pooled = tf.tensor2d(cells(NaN, 1, 2, Infinity), [1, 20])
    expect([...spreadOnWasm(pooled, EXTENT).dataSync()]).toEqual(
      cells(NaN, NaN, 1, NaN, NaN, 1, 2, 2, Infinity),
    )
  })
})

test('they leave nothing in the memory but their results', () => {
  const before = tf.backend().numDataIds()
  tf.tidy(() => {
    poolOnWasm(tf.zeros([2, 45]), EXTENT)
    spreadOnWasm(tf.zeros([2, 20]), EXTENT)
    expect(tf.backend().numDataIds()).toBe(before + 4)
  })
  expect(tf.backend().numDataIds()).toBe(before)
})

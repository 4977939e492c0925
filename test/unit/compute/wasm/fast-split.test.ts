import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

test('equal parts along the first axis hold the values in their order', () => {
  const sizes = fc.record({
    parts: fc.integer({ min: 1, max: 14 }),
    rows: fc.integer({ min: 1, max: 9 }),
    columns: fc.integer({ min: 1, max: 9 }),
  })
  fc.assert(
    fc.property(sizes, ({ parts, rows, columns }) => {
      tf.tidy(() => {
        const whole = tf.reshape(tf.range(0, parts * rows * columns), [parts * rows, columns])
        const cut = tf.split(whole, parts)
        expect(cut.map(({ shape }) => shape)).toEqual(Array(parts).fill([rows, columns]))
        expect(cut.flatMap((part) => [...part.dataSync()])).toEqual([...whole.dataSync()])
      })
    }),
  )
})

test('a part keeps its values when the whole is gone', () => {
  const whole = tf.range(0, 6)
  const [, second] = tf.split(whole, 2)
  whole.dispose()
  tf.tidy(() => tf.fill([6], 9).dataSync())
  expect([...(second?.dataSync() ?? [])]).toEqual([3, 4, 5])
})

test('parts are whole where the memory grows while they are cut', () => {
  tf.tidy(() => {
    const parts = tf.split(tf.fill([4, 2 ** 22], 7), 4)
    const ends = parts.map((part) => [...tf.slice(tf.reshape(part, [-1]), 2 ** 22 - 2).dataSync()])
    expect(ends).toEqual(Array(4).fill([7, 7]))
  })
})

test('another axis, parts of different sizes and integers are cut as before', () => {
  tf.tidy(() => {
    const values = (parts: tf.Tensor[]) => parts.map((part) => [...part.dataSync()])
    const whole = tf.tensor2d([1, 2, 3, 4], [2, 2])
    expect(values(tf.split(whole, 2, 1))).toEqual([[1, 3], [2, 4]]) // prettier-ignore
    expect(values(tf.split(tf.range(0, 3), [1, 2]))).toEqual([[0], [1, 2]])
    expect(values(tf.split(tf.tensor1d([7, 8], 'int32'), 2))).toEqual([[7], [8]])
    expect(() => tf.split(tf.range(0, 3), 2)).toThrow()
  })
})

import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { seededGenerator } from '../../../../src/shared/seeds.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

const FLOAT32_STEP = 2 ** -23

test('the sums of the columns are those of loops in float64, within their rounding', () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 200 }),
    columns: fc.integer({ min: 1, max: 27 }),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(sizes, ({ rows, columns, seed }) => {
      const generator = seededGenerator(seed, 'sum')
      const values = Float32Array.from({ length: rows * columns }, () => 2 * generator.float() - 1)
      const sums = tf.tidy(() => tf.sum(tf.tensor2d(values, [rows, columns]), 0).dataSync())
      for (let column = 0; column < columns; column += 1) {
        const own = values.filter((_, index) => index % columns === column)
        const sum = own.reduce((total, value) => total + value, 0)
        const size = own.reduce((total, value) => total + Math.abs(value), 0)
        expect(Math.abs((sums[column] ?? NaN) - sum)).toBeLessThanOrEqual(rows * FLOAT32_STEP * size)
      }
    }),
  )
})

test('the sum of all values is that of a loop in float64, within its rounding', () => {
  const shapes = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 23 }), { minLength: 0, maxLength: 4 }),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(shapes, ({ shape, seed }) => {
      const generator = seededGenerator(seed, 'sum of all')
      const count = shape.reduce((product, size) => product * size, 1)
      const values = Float32Array.from({ length: count }, () => 2 * generator.float() - 1)
      const [sum = NaN, ...others] = tf.tidy(() => tf.sum(tf.tensor(values, shape)).dataSync())
      const exact = values.reduce((total, value) => total + value, 0)
      const size = values.reduce((total, value) => total + Math.abs(value), 0)
      expect(others).toEqual([])
      expect(Math.abs(sum - exact)).toBeLessThanOrEqual(Math.sqrt(count) * FLOAT32_STEP * size)
    }),
  )
})

test('every single value counts in the sum of all', () => {
  tf.tidy(() => {
    const count = 4096 + 16 + 3
    for (const place of [0, 1, 15, 16, 4095, 4096, 4111, 4112, count - 1]) {
      const values = new Float32Array(count).fill(1)
      values[place] = -count
      expect([...tf.sum(tf.tensor1d(values)).dataSync()]).toEqual([-1])
      values[place] = NaN
      expect([...tf.sum(tf.tensor1d(values)).dataSync()]).toEqual([NaN])
      values[place] = -Infinity
      expect([...tf.sum(tf.tensor1d(values)).dataSync()]).toEqual([-Infinity])
    }
  })
})

test('what is not finite stays in its column', () => {
  tf.tidy(() => {
    const values = Array.from({ length: 70 * 9 }, () => 1)
    values[0] = NaN
    values[65 * 9 + 4] = Infinity
    values[69 * 9 + 8] = -Infinity
    const sums = [...tf.sum(tf.tensor2d(values, [70, 9]), 0).dataSync()]
    expect(sums).toEqual([NaN, 70, 70, 70, Infinity, 70, 70, 70, -Infinity])
  })
})

test('other axes, more axes, kept ones and integers are summed as before', () => {
  tf.tidy(() => {
    const matrix = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
    expect([...tf.sum(matrix, 1).dataSync()]).toEqual([6, 15])
    expect([...tf.sum(matrix).dataSync()]).toEqual([21])
    expect(tf.sum(matrix, [0, 1]).arraySync()).toEqual(21)
    expect(tf.sum(matrix, undefined, true).arraySync()).toEqual([[21]])
    expect(tf.sum(tf.tensor1d([1, 2], 'int32')).dtype).toBe('int32')
    expect(tf.sum(tf.zeros([0, 3])).arraySync()).toEqual(0)
    expect(tf.sum(matrix, 0, true).arraySync()).toEqual([[5, 7, 9]])
    expect(tf.sum(tf.reshape(matrix, [2, 1, 3]), 0).arraySync()).toEqual([[5, 7, 9]])
    expect(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0).dtype).toBe('int32')
    expect(tf.sum(tf.zeros([0, 3]), 0).arraySync()).toEqual([0, 0, 0])
  })
})

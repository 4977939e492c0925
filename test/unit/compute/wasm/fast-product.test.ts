import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { seededGenerator } from '../../../../src/shared/seeds.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

const FLOAT32_STEP = 2 ** -23

function noise(rows: number, columns: number, seed: number): tf.Tensor2D {
  const generator = seededGenerator(seed, 'product')
  return tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => 2 * generator.float() - 1),
    [rows, columns],
  )
}

/** The element of a product and the sum of its parts' sizes, in float64. */
function element(left: Float32Array, right: Float32Array, { row, column, inner, columns }: Place) {
  let sum = 0
  let size = 0
  for (let k = 0; k < inner; k += 1) {
    const part = (left[row * inner + k] ?? NaN) * (right[k * columns + column] ?? NaN)
    sum += part
    size += Math.abs(part)
  }
  return { sum, size }
}

interface Place {
  row: number
  column: number
  inner: number
  columns: number
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 27 }),
  inner: fc.integer({ min: 1, max: 70 }),
  columns: fc.integer({ min: 1, max: 27 }),
  seed: fc.nat(),
})

test('a product of any size is that of loops in float64, within the rounding of its sums', () => {
  fc.assert(
    fc.property(sizes, ({ rows, inner, columns, seed }) => {
      const [left, right, product] = tf.tidy(() => {
        const factors = [noise(rows, inner, seed), noise(inner, columns, seed + 1)] as const
        return [...factors, tf.matMul(...factors)].map((tensor) => tensor.dataSync() as Float32Array)
      }) as unknown as [Float32Array, Float32Array, Float32Array]
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const { sum, size } = element(left, right, { row, column, inner, columns })
          const found = product[row * columns + column] ?? NaN
          expect(Math.abs(found - sum)).toBeLessThanOrEqual(inner * FLOAT32_STEP * size)
        }
      }
    }),
  )
})

test('a row is the same, bit by bit, alone and among others', () => {
  fc.assert(
    fc.property(sizes, ({ rows, inner, columns, seed }) => {
      tf.tidy(() => {
        const [left, right] = [noise(rows, inner, seed), noise(inner, columns, seed + 1)]
        const row = seed % rows
        const together = tf.slice(tf.matMul(left, right), [row, 0], [1, columns]).dataSync()
        expect(tf.matMul(tf.slice(left, [row, 0], [1, inner]), right).dataSync()).toEqual(together)
      })
    }),
  )
})

test('what is not finite stays in its rows and columns', () => {
  tf.tidy(() => {
    const left = tf.tensor2d([1, NaN, 1, 1, 1, 1], [3, 2])
    const right = tf.tensor2d([1, 2, Infinity, 4, 5, 6], [2, 3])
    expect([...tf.matMul(left, right).dataSync()]).toEqual([NaN, NaN, NaN, 5, 7, Infinity, 5, 7, Infinity])
  })
})

test('transposed factors, batches and sizes that do not fit are left to TensorFlow.js', () => {
  tf.tidy(() => {
    const left = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
    expect([...tf.matMul(left, left, false, true).dataSync()]).toEqual([14, 32, 32, 77])
    expect(tf.matMul(tf.stack([left, left]), tf.stack([left, left]), true).shape).toEqual([2, 3, 3])
    expect(() => tf.matMul(left, left)).toThrow('inner shapes (3) and (2)')
  })
})

test('it leaves nothing in the memory but the product', () => {
  const before = tf.backend().numDataIds()
  tf.tidy(() => {
    tf.matMul(noise(7, 9, 1), noise(9, 11, 2))
    expect(tf.backend().numDataIds()).toBe(before + 3)
  })
  expect(tf.backend().numDataIds()).toBe(before)
})

test('it goes on in a memory that has grown', () => {
  tf.tidy(() => {
    const ones = tf.ones<tf.Rank.R2>([7, 9])
    tf.zeros([64, 1024, 1024])
    expect([...tf.matMul(ones, tf.ones<tf.Rank.R2>([9, 2])).dataSync()]).toEqual(Array(14).fill(9))
  })
})

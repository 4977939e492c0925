import fc from 'fast-check'
import type { Mark } from '../../../src/engine/metrics/regions.ts'

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true })

export const mark = fc.constantFrom<Mark>(0, 1)

/** Items with their marks and their sums of relevance, none negative, some positive. */
export const nonNegativeItems = fc
  .array(fc.record({ mark, sum: finite(0, 1) }), { minLength: 1, maxLength: 8 })
  .filter((items) => items.some(({ sum }) => sum > 1e-3))

/** Items whose sums may be negative; their total is well away from 0. */
export const signedItems = fc
  .array(fc.record({ mark, sum: finite(-1, 1) }), { minLength: 1, maxLength: 8 })
  .filter((items) => Math.abs(items.reduce((total, { sum }) => total + sum, 0)) > 1e-2)

export const tau = finite(0.5, 1)

/** A permutation of n positions. */
export const permutation = (n: number) =>
  fc.shuffledSubarray(
    Array.from({ length: n }, (_, index) => index),
    { minLength: n, maxLength: n },
  )

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { smallest } from '../../../src/renderer/lib/smallest.ts'

it('finds what sorting would put at a place, whatever the values and their order', () => {
  const some = fc.oneof(
    fc.array(fc.float({ noNaN: true }), { minLength: 1 }),
    fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 200 }),
  )
  fc.assert(
    fc.property(some, fc.nat(), (numbers, place) => {
      const rank = place % numbers.length
      const sorted = Float32Array.from(numbers).sort()
      expect(smallest(Float32Array.from(numbers), rank) === sorted[rank]).toBe(true)
    }),
  )
})

it('is 0 without any value', () => {
  expect(smallest(new Float32Array(), 0)).toBe(0)
})

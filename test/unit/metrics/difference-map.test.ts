import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differenceMap } from '../../../src/engine/metrics/difference-map.ts'
import { errorOf } from '../../support/errors.ts'

const numbers = (...values: number[]) => Float32Array.from(values)

describe('the difference of two maps', () => {
  test('divides each by the sum of its absolute values', () => {
    expect([...differenceMap(numbers(2, 0, 0, 2), numbers(0, -1, 3, 4))]).toEqual([0.5, 0.125, -0.375, 0])
  })

  test('does not depend on the units of either', () => {
    const map = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(map, map, (a, b) => {
        const scaled = differenceMap(numbers(...a.map((value) => 8 * value)), numbers(...b))
        expect(scaled).toEqual(differenceMap(numbers(...a), numbers(...b)))
      }),
    )
  })

  test('of maps whose signed total is 0 stays finite', () => {
    expect([...differenceMap(numbers(1, -1), numbers(1, 1))]).toEqual([0, -1])
  })

  test('takes a map that is 0 everywhere for 0', () => {
    expect([...differenceMap(numbers(0, 0), numbers(1, 3))]).toEqual([-0.25, -0.75])
    expect([...differenceMap(numbers(0, 0), numbers(0, 0))]).toEqual([0, 0])
  })

  test('of maps of other sizes is refused', () => {
    const error = errorOf(() => differenceMap(numbers(1), numbers(1, 2)))
    expect(error).toMatchObject({ code: 'bad_argument', found: 'maps of 1 and 2 pixels' })
  })
})

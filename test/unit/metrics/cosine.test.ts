import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosine } from '../../../src/engine/metrics/cosine.ts'
import { permutation, signedItems } from './arbitraries.ts'

describe('cosine', () => {
  it.each([
    [[1, 0, 1], [0, 0.1, 0.9], 0.70278],
    [[1, 1, 0], [0.01, 0.9, 0.09], 0.71137],
    [[0, 1, 1], [0.2, 0.3, 0.5], 0.91766],
    [[0, 1, 1], [0.05, 0.05, 0.9], 0.7441],
    [[0, 1, 1], [0.05, 0.15, 0.8], 0.82375],
    [[1, 1, 0], [0.9, 0.1, 0], 0.78087],
    [[1, 1, 0], [0.1, 0.1, 0.8], 0.17408],
    [[1, 0, 1], [1 / 3, 1 / 3, 1 / 3], Math.sqrt(2 / 3)],
    [[1, 0, 1], [0, 0, 1], Math.SQRT1_2],
  ])('of marks %j and shares %j is %f', (marks, shares, expected) => {
    expect(cosine(shares, marks)).toBeCloseTo(expected, 5)
  })

  it('is 0 when either length is 0', () => {
    expect(cosine([0, 0, 0], [1, 0, 1])).toBe(0)
    expect(cosine([0.2, 0.3, 0.5], [0, 0, 0])).toBe(0)
  })

  it('is the angle of the two vectors: scale and order of the items do not matter', () => {
    fc.assert(
      fc.property(
        signedItems.chain((items) => fc.tuple(fc.constant(items), permutation(items.length))),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        ([items, order], factor) => {
          const shares = items.map(({ sum }) => sum)
          const marks = items.map(({ mark }) => mark)
          const value = cosine(shares, marks)
          expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12)
          const moved = (values: readonly number[]) => order.map((from) => values[from] ?? NaN)
          expect(
            cosine(
              moved(shares).map((share) => share * factor),
              moved(marks),
            ),
          ).toBeCloseTo(value, 9)
        },
      ),
    )
  })

  it('is 1 exactly where the shares are in proportion to the marks', () => {
    expect(cosine([0.5, 0, 0.5], [1, 0, 1])).toBeCloseTo(1, 15)
    expect(cosine([0.5, 0.01, 0.49], [1, 0, 1])).toBeLessThan(1)
  })
})

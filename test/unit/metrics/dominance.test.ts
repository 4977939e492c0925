import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dominance } from '../../../src/engine/metrics/dominance.ts'
import { nonNegativeItems, permutation } from './arbitraries.ts'

describe('dominance', () => {
  it('is 1/2 for a uniform map and 1 for all on one majority item', () => {
    expect(dominance([1 / 3, 1 / 3, 1 / 3], [1, 0, 1])).toBe(0.5)
    expect(dominance([0, 0, 1], [1, 0, 1])).toBe(1)
  })

  it('counts negative shares as 0', () => {
    expect(dominance([-0.2, 0.3, 0.9], [1, 0, 1])).toBe(1)
    expect(dominance([0.8, -0.7, 0.9], [1, 0, 1])).toBeCloseTo(0.9 / 1.7, 15)
  })

  it('is undefined when no majority item has a positive share', () => {
    expect(dominance([0, 1, 0], [1, 0, 1])).toBeNull()
    expect(dominance([-1, 2.5, -0.5], [1, 0, 1])).toBeNull()
    expect(dominance([0, 0, 0], [1, 0, 1])).toBeNull()
    expect(dominance([0.5, 0.5], [0, 0])).toBeNull()
  })

  it('lies between 1 / number of majority items and 1, whatever the order and the odd share', () => {
    fc.assert(
      fc.property(
        nonNegativeItems.chain((items) => fc.tuple(fc.constant(items), permutation(items.length))),
        ([items, order]) => {
          const shares = items.map(({ sum }) => sum)
          const marks = items.map(({ mark }) => mark)
          const value = dominance(shares, marks)
          if (value === null) return
          const majority = marks.filter((mark) => mark === 1).length
          expect(value).toBeGreaterThanOrEqual(1 / majority - 1e-12)
          expect(value).toBeLessThanOrEqual(1)
          const moved = (values: readonly number[]) => order.map((from) => values[from] ?? NaN)
          expect(dominance(moved(shares), moved(marks))).toBeCloseTo(value, 9)
          const otherOdd = shares.map((share, item) => (marks[item] === 1 ? share : share + 1))
          expect(dominance(otherOdd, marks)).toBe(value)
        },
      ),
    )
  })
})

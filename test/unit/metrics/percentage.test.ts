import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cappedPercentage, percentage } from '../../../src/engine/metrics/percentage.ts'
import { sharesOf } from '../../../src/engine/metrics/shares.ts'
import { nonNegativeItems, permutation, signedItems, tau } from './arbitraries.ts'

const split = (items: { mark: 0 | 1; sum: number }[]) => ({
  shares: sharesOf(
    items.map(({ sum }) => sum),
    0,
  ),
  marks: items.map(({ mark }) => mark),
})

describe('percentage', () => {
  it('is 2/3 for a uniform map and 1 for all on one majority item', () => {
    expect(percentage([1 / 3, 1 / 3, 1 / 3], [1, 0, 1])).toBeCloseTo(2 / 3, 15)
    expect(percentage([0, 0, 1], [1, 0, 1])).toBe(1)
  })

  it('is 1 minus the shares of the odd items', () => {
    fc.assert(
      fc.property(signedItems, (items) => {
        const { shares, marks } = split(items)
        const odd = shares.reduce((sum, share, item) => sum + (marks[item] === 0 ? share : 0), 0)
        expect(percentage(shares, marks)).toBeCloseTo(1 - odd, 9)
      }),
    )
  })

  it('does not depend on the order of the items', () => {
    fc.assert(
      fc.property(
        signedItems.chain((items) => fc.tuple(fc.constant(items), permutation(items.length))),
        ([items, order]) => {
          const { shares, marks } = split(items)
          const moved = (values: readonly number[]) => order.map((from) => values[from] ?? NaN)
          expect(percentage(moved(shares), moved(marks))).toBeCloseTo(percentage(shares, marks), 9)
          expect(cappedPercentage(moved(shares), moved(marks), 0.8)).toBeCloseTo(
            cappedPercentage(shares, marks, 0.8),
            9,
          )
        },
      ),
    )
  })

  it('keeps a value that negative shares take outside [0, 1]', () => {
    expect(percentage([0.8, -0.7, 0.9], [1, 0, 1])).toBeCloseTo(1.7, 12)
    expect(percentage([0.8, -0.7, 0.9], [0, 1, 0])).toBeCloseTo(-0.7, 12)
  })
})

describe('cappedPercentage', () => {
  it('is 2/3 for a uniform map and tau for all on one majority item', () => {
    expect(cappedPercentage([1 / 3, 1 / 3, 1 / 3], [1, 0, 1], 0.8)).toBeCloseTo(2 / 3, 15)
    expect(cappedPercentage([0, 0, 1], [1, 0, 1], 0.8)).toBe(0.8)
  })

  it('is at most the percentage, grows with tau, and equals it at 1 for non-negative shares', () => {
    fc.assert(
      fc.property(nonNegativeItems, tau, tau, (items, one, other) => {
        const { shares, marks } = split(items)
        const capped = (cap: number) => cappedPercentage(shares, marks, cap)
        expect(capped(one)).toBeLessThanOrEqual(percentage(shares, marks))
        expect(capped(Math.min(one, other))).toBeLessThanOrEqual(capped(Math.max(one, other)))
        expect(capped(1)).toBeCloseTo(percentage(shares, marks), 12)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossedInterval } from '../../../src/engine/metrics/crossed-interval.ts'
import { meanInterval } from '../../../src/engine/metrics/summary.ts'

/** Rows are draws, columns sequences. */
const crossed = (table: readonly (readonly number[])[]) =>
  table.flatMap((row, draw) => row.map((value, sequenceId) => ({ value, sequenceId, draw })))

const NUMBERS = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })

describe('crossedInterval', () => {
  it('adds the variance over sequences to that over draws', () => {
    // Sequence means 1, 2, 3, 6 (variance of their mean 14/3/4) and draw means 2, 3, 4 (variance of their mean 1/3).
    const sequences = [1, 2, 3, 6]
    const interval = crossedInterval(
      crossed([-1, 0, 1].map((draw) => sequences.map((value) => value + draw))),
    )
    const [overSequences, overDraws] = [14 / 12, 1 / 3]
    // Satterthwaite: 1.5^2 / (1.1667^2 / 3 + .3333^2 / 2) = 4.41, so 4 degrees: t = 2.776445.
    const reach = 2.776445105 * Math.sqrt(overSequences + overDraws)
    expect(interval?.mean).toBeCloseTo(3, 12)
    expect(interval?.low).toBeCloseTo(3 - reach, 7)
    expect(interval?.high).toBeCloseTo(3 + reach, 7)
  })

  it('is the interval over sequences for one draw, and for draws that agree', () => {
    fc.assert(
      fc.property(NUMBERS, fc.integer({ min: 1, max: 4 }), (numbers, draws) => {
        const once = meanInterval(numbers.map((value, sequenceId) => ({ value, sequenceId, fold: 0 })))
        const interval = crossedInterval(crossed(Array.from({ length: draws }, () => numbers)))
        expect(interval?.mean).toBeCloseTo(once?.mean ?? NaN, 9)
        expect(interval?.low).toBeCloseTo(once?.low ?? NaN, 6)
        expect(interval?.high).toBeCloseTo(once?.high ?? NaN, 6)
      }),
    )
  })

  it('has whole degrees of freedom although 7 of them come out as 6.999999999999999', () => {
    const numbers = [0, 0, 0, 0, 0, 0, 0, 0.0004111100315356555]
    const once = meanInterval(numbers.map((value, sequenceId) => ({ value, sequenceId, fold: 0 })))
    expect(crossedInterval(crossed([numbers]))?.low).toBeCloseTo(once?.low ?? NaN, 12)
  })

  it('widens where draws differ, although every sequence agrees', () => {
    const interval = crossedInterval(
      crossed([
        [0.2, 0.2],
        [0.4, 0.4],
        [0.6, 0.6],
      ]),
    )
    const reach = (4.30265273 * 0.2) / Math.sqrt(3)
    expect(interval?.low).toBeCloseTo(0.4 - reach, 7)
    expect(interval?.high).toBeCloseTo(0.4 + reach, 7)
  })

  it('has no width for values that are all the same, no bounds for one sequence, and nothing for no values', () => {
    expect(crossedInterval(crossed([[1, 1, 1]]))).toEqual({ mean: 1, low: 1, high: 1 })
    expect(crossedInterval(crossed([[0.2], [0.4]]))).toEqual({
      mean: expect.closeTo(0.3, 12) as number,
      low: null,
      high: null,
    })
    expect(crossedInterval([])).toBeNull()
  })
})

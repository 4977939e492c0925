import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanInterval, summarise } from '../../../src/engine/metrics/summary.ts'

describe('summarise', () => {
  it('counts every state and leaves undefined values out of the mean', () => {
    expect(
      summarise([
        { value: 0.5, state: 'ok' },
        { value: 1.75, state: 'out_of_range' },
        { value: 0, state: 'no_relevance' },
        { value: null, state: 'undefined' },
        { value: null, state: 'no_relevance' },
      ]),
    ).toEqual({ mean: 0.75, count: 3, outOfRange: 1, undefined: 1, noRelevance: 2 })
  })

  it('has no mean without values', () => {
    const nothing = { mean: null, count: 0, outOfRange: 0, undefined: 0, noRelevance: 0 }
    expect(summarise([])).toEqual(nothing)
    expect(summarise([{ value: null, state: 'undefined' }])).toEqual({ ...nothing, undefined: 1 })
  })
})

describe('meanInterval', () => {
  it('is the t interval of the fold means for folds of equal size', () => {
    // Fold means 1, 2, 3: standard error 1 / sqrt(3), t(2) = 4.30265273.
    const values = [0.5, 1.5, 1.8, 2.2, 2.9, 3.1].map((value, at) => ({
      value,
      fold: Math.floor(at / 2) + 1,
      sequenceId: at % 2,
    }))
    const interval = meanInterval(values)
    expect(interval).toMatchObject({ over: 'folds', groups: 3 })
    expect(interval?.mean).toBeCloseTo(2, 12)
    expect(interval?.low).toBeCloseTo(2 - 4.30265273 / Math.sqrt(3), 7)
    expect(interval?.high).toBeCloseTo(2 + 4.30265273 / Math.sqrt(3), 7)
  })

  it('is the t interval of the values for one fold with one value a sequence', () => {
    const values = [1, 2, 3, 6].map((value, sequenceId) => ({ value, fold: 1, sequenceId }))
    const interval = meanInterval(values)
    const reach = 3.182446305 * (Math.sqrt(14 / 3) / 2)
    expect(interval).toMatchObject({ mean: 3, over: 'sequences', groups: 4 })
    expect(interval?.low).toBeCloseTo(3 - reach, 7)
    expect(interval?.high).toBeCloseTo(3 + reach, 7)
  })

  it('does not narrow when every value is repeated in its sequence', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 }),
        (numbers) => {
          const values = numbers.map((value, sequenceId) => ({ value, fold: 1, sequenceId }))
          const once = meanInterval(values)
          const thrice = meanInterval([...values, ...values, ...values])
          expect(thrice?.low).toBeCloseTo(once?.low ?? NaN, 9)
          expect(thrice?.high).toBeCloseTo(once?.high ?? NaN, 9)
        },
      ),
    )
  })

  it('has no bounds for one group, and nothing for no values', () => {
    const alone = { value: 0.4, fold: 1, sequenceId: 9 }
    expect(meanInterval([alone, alone])).toEqual({
      mean: 0.4,
      low: null,
      high: null,
      over: 'sequences',
      groups: 1,
    })
    expect(meanInterval([])).toBeNull()
  })
})

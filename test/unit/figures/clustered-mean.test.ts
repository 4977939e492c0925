import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusteredMean, studentInterval, wilsonInterval } from '../../../src/engine/figures/clustered-mean.ts'
import { spreadOf } from '../../../src/engine/figures/spread.ts'
import { meanInterval } from '../../../src/engine/metrics/summary.ts'

const over = (values: readonly number[], groups: readonly number[], weights?: readonly number[]) =>
  clusteredMean({
    rows: Uint32Array.from(values.keys()),
    valueOf: (index) => values[index] ?? NaN,
    groupOf: (index) => groups[index] ?? 0,
    groupRoom: 50,
    ...(weights === undefined ? {} : { weightOf: (index: number) => weights[index] ?? 0 }),
  })

describe('a clustered mean', () => {
  it('has the interval of the metrics’ own, which the command line prints', () => {
    const value = fc.record({ value: fc.double({ min: 0, max: 1, noNaN: true }), group: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (rows) => {
        const found = over(
          rows.map((row) => row.value),
          rows.map(({ group }) => group),
        )
        const wanted = meanInterval(rows.map((row) => ({ value: row.value, fold: 1, sequenceId: row.group })))
        const { low, high } = studentInterval(found)
        expect(found.mean).toBeCloseTo(wanted?.mean ?? NaN, 12)
        if (wanted === null || wanted.low === null) expect([low, high]).toEqual([null, null])
        else {
          expect(low).toBeCloseTo(wanted.low, 6)
          expect(high).toBeCloseTo(wanted.high ?? NaN, 6)
        }
      }),
    )
  })

  it('leaves NaN out, and is NaN of nothing', () => {
    expect(over([0.5, NaN, 1], [1, 2, 3])).toMatchObject({ mean: 0.75, count: 2, groups: 2 })
    expect(over([], [])).toMatchObject({ mean: NaN, count: 0, groups: 0 })
  })

  it('counts a value as often as it weighs', () => {
    expect(over([0, 1], [1, 2], [1, 3]).mean).toBe(0.75)
  })
})

describe('the interval of a share', () => {
  it('is Wilson’s for independent maps (statsmodels 0.15.0: proportion_confint(3, 10, method="wilson"))', () => {
    const values = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    const mean = over(values, [...values.keys()])
    // The cluster-robust variance has G - 1 in its denominator, and so 9 effective maps.
    const { low, high } = wilsonInterval({ ...mean, variance: (0.3 * 0.7) / 10 })
    expect(low).toBeCloseTo(0.107791267406301, 12)
    expect(high).toBeCloseTo(0.6032218525388546, 12)
  })

  it('is wider where maps depend on each other', () => {
    const values = [1, 1, 1, 1, 0, 0, 0, 0]
    const alone = wilsonInterval(over(values, [...values.keys()]))
    const paired = wilsonInterval(over(values, [0, 0, 1, 1, 2, 2, 3, 3]))
    expect((paired.high ?? 0) - (paired.low ?? 0)).toBeGreaterThan((alone.high ?? 0) - (alone.low ?? 0))
  })

  it('does not say none for sure where none of ten has it, and says nothing of one sequence', () => {
    const none = wilsonInterval(over(Array<number>(10).fill(0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    expect(none.low).toBe(0)
    expect(none.high).toBeCloseTo(0.2775, 3)
    expect(wilsonInterval(over([0, 1], [3, 3]))).toEqual({ low: null, high: null })
  })
})

describe('a spread', () => {
  it('has the quantiles of numpy, and all values in its bins', () => {
    const values = Float64Array.from({ length: 101 }, (_, index) => index / 100)
    const spread = spreadOf(values.toReversed())
    expect(spread?.quantiles).toEqual([0.05, 0.25, 0.5, 0.75, 0.95])
    expect(spread?.bins.reduce((sum, part) => sum + part, 0)).toBeCloseTo(99 / 101, 12)
  })

  it('of equal values is one bin, and of none there is none', () => {
    expect(spreadOf(Float64Array.of(0.5, 0.5))?.bins[0]).toBe(1)
    expect(spreadOf(new Float64Array())).toBeNull()
  })
})

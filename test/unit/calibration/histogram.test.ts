import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BINS, verdictHistogram } from '../../../src/engine/calibration/histogram.ts'

describe('verdictHistogram', () => {
  it('counts every defined value once, in the bin that holds it', () => {
    const value = fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.constant(NaN))
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.constantFrom(0, 1))), (rows) => {
        const values = Float64Array.from(rows, ([first]) => first)
        const { low, high, failed, accepted } = verdictHistogram(
          values,
          Uint8Array.from(rows, ([, second]) => second),
        )
        const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0)
        const defined = rows.filter(([first]) => !Number.isNaN(first))
        expect(total(failed)).toBe(defined.filter(([, fails]) => fails === 1).length)
        expect(total(accepted)).toBe(defined.filter(([, fails]) => fails === 0).length)
        expect(low).toBeLessThanOrEqual(0)
        expect(high).toBeGreaterThanOrEqual(1)
        for (const [first] of defined) {
          expect(first).toBeGreaterThanOrEqual(low)
          expect(first).toBeLessThanOrEqual(high)
        }
      }),
    )
  })

  it('has bins of equal width over [0, 1]; the last one holds 1', () => {
    const { low, high, failed, accepted } = verdictHistogram(
      Float64Array.of(0, 0.024, 0.025, 1),
      Uint8Array.of(1, 1, 1, 0),
    )
    expect([low, high, failed.length, accepted.length]).toEqual([0, 1, BINS, BINS])
    expect(failed.slice(0, 3)).toEqual([2, 1, 0])
    expect(accepted.at(-1)).toBe(1)
  })

  it('extends its range to values outside [0, 1] and clips none', () => {
    const { low, high, failed } = verdictHistogram(Float64Array.of(-0.5, 1.5), Uint8Array.of(1, 1))
    expect([low, high, failed[0], failed.at(-1)]).toEqual([-0.5, 1.5, 1, 1])
  })
})

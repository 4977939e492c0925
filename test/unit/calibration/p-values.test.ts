import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentileInterval } from '../../../src/engine/calibration/bootstrap.ts'
import { bootstrapP } from '../../../src/engine/calibration/p-values.ts'

describe('bootstrapP', () => {
  it('counts the resamples on the other side of 0, twice, and never reaches 0 or leaves 1', () => {
    const of = (below: number, above: number) =>
      bootstrapP(Float64Array.from({ length: below + above }, (_, at) => (at < below ? -1 : 1)))
    expect(of(0, 999)).toBeCloseTo(2 / 1000, 12)
    expect(of(24, 975)).toBeCloseTo(50 / 1000, 12)
    expect(of(500, 499)).toBe(1)
    expect(of(975, 24)).toBe(of(24, 975))
    expect(bootstrapP(new Float64Array(50))).toBe(1)
    expect(bootstrapP(Float64Array.of(NaN))).toBeNull()
    expect(bootstrapP(Float64Array.of(NaN, 1, 1, 1))).toBe(0.5)
  })

  it('is below 5 % exactly where the percentile interval keeps clear of 0, but for the resamples at its ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -1, max: 3 }), { minLength: 200, maxLength: 300 }),
        (values) => {
          const { low, high } = percentileInterval(values)
          const p = bootstrapP(Float64Array.from(values)) ?? NaN
          if (p < 0.04) expect(low > 0 || high < 0).toBe(true)
          if (p > 0.07) expect(low <= 0 && high >= 0).toBe(true)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm } from '../../../src/engine/statistics/holm.ts'

describe('holm', () => {
  it('never lowers a p value, keeps their order, and is no more than Bonferroni', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), { minLength: 1, maxLength: 12 }),
        (values) => {
          const corrected = holm(values)
          values.forEach((p, at) => {
            expect(corrected[at]).toBeGreaterThanOrEqual(p)
            expect(corrected[at]).toBeLessThanOrEqual(Math.min(1, p * values.length) + 1e-12)
            values.forEach((other, place) => {
              if (p < other) expect(corrected[at]).toBeLessThanOrEqual(corrected[place] ?? NaN)
            })
          })
        },
      ),
    )
  })

  it('gives the worked example, and does not count what is missing', () => {
    expect(holm([0.01, null, 0.04, 0.03])).toEqual([0.03, null, 0.06, 0.06])
  })
})

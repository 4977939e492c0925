import { describe, expect, it } from 'vitest'
import { studentQuantile975 } from '../../../src/engine/metrics/student-t.ts'

describe('studentQuantile975', () => {
  it.each([
    [1, 12.706204736],
    [2, 4.30265273],
    [3, 3.182446305],
    [4, 2.776445105],
    [9, 2.262157163],
    [30, 2.042272456],
    [100, 1.983971519],
  ])('for %i degrees of freedom is %f', (degrees, expected) => {
    expect(studentQuantile975(degrees)).toBeCloseTo(expected, 8)
  })

  it('goes over into the expansion without a step and ends at the normal quantile', () => {
    const [before, after] = [studentQuantile975(999), studentQuantile975(1000)]
    expect(before).toBeGreaterThan(after)
    expect(before - after).toBeLessThan(1e-5)
    expect(studentQuantile975(1e9)).toBeCloseTo(1.959963984540054, 8)
  })
})

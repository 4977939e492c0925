import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entropy } from '../../../src/engine/metrics/entropy.ts'
import { gini } from '../../../src/engine/metrics/gini.ts'
import { maskedMap } from './map-arbitraries.ts'
import { slowEntropy, slowGini } from './slow-metrics.ts'

const anyMap = maskedMap.filter(({ values }) => values.some((value) => value !== 0))

describe('Gini sparseness and entropy', () => {
  it('agree with a second computation', () => {
    fc.assert(
      fc.property(anyMap, ({ values, map }) => {
        expect(gini(map)).toBeCloseTo(slowGini(values), 12)
        expect(entropy(map)).toBeCloseTo(slowEntropy(values), 9)
      }),
      { numRuns: 300 },
    )
  })

  it('stay within [0, 1 - 1/n] and [0, ln n]', () => {
    fc.assert(
      fc.property(anyMap, ({ map }) => {
        expect(gini(map)).toBeGreaterThanOrEqual(0)
        expect(gini(map)).toBeLessThanOrEqual(1 - 1 / map.length + 1e-12)
        expect(entropy(map)).toBeGreaterThanOrEqual(0)
        expect(entropy(map)).toBeLessThanOrEqual(Math.log(map.length) + 1e-12)
      }),
    )
  })

  it('do not change with scale, sign or the order of the pixels', () => {
    fc.assert(
      fc.property(anyMap, fc.constantFrom(0.25, -1, -64), ({ map }, factor) => {
        const changed = map.map((value) => value * factor).toReversed()
        expect(gini(changed)).toBeCloseTo(gini(map), 12)
        expect(entropy(changed)).toBeCloseTo(entropy(map), 12)
      }),
    )
  })

  it('of a uniform map are 0 and ln n, of a single pixel 1 - 1/n and 0', () => {
    for (const n of [1, 12, 2352]) {
      const uniform = new Float32Array(n).fill(0.7)
      const single = new Float32Array(n)
      single[n - 1] = -3
      expect(gini(uniform)).toBeCloseTo(0, 12)
      expect(entropy(uniform)).toBeCloseTo(Math.log(n), 12)
      expect(gini(single)).toBeCloseTo(1 - 1 / n, 12)
      expect(entropy(single)).toBe(0)
    }
  })

  it('of a map that is 0 everywhere are 0', () => {
    expect(gini(new Float32Array(9))).toBe(0)
    expect(entropy(new Float32Array(9))).toBe(0)
  })
})

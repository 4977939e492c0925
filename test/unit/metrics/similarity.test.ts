import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { similarity } from '../../../src/engine/metrics/similarity.ts'
import { SANITY_METRICS } from '../../../src/shared/names.ts'
import { slowOverlap, slowPearson, slowRanks, slowSsim } from './slow-metrics.ts'

const COLUMNS = 12
const PIXELS = 12 * COLUMNS
const values = (min: number) =>
  fc
    .array(fc.integer({ min, max: 9 }), { minLength: PIXELS, maxLength: PIXELS })
    .filter((map) => new Set(map.map(Math.abs)).size > 1)
const map = (numbers: readonly number[]) => Float32Array.from(numbers)

describe('likeness of two maps', () => {
  it.each([-9, 0])('agrees with a second computation, for values from %d on', (min) => {
    fc.assert(
      fc.property(values(min), values(min), (a, b) => {
        const scores = similarity(map(a), map(b), COLUMNS)
        const absolute = (numbers: number[]) => slowRanks(numbers.map(Math.abs))
        const expected = [
          slowPearson(slowRanks(a), slowRanks(b)),
          slowPearson(absolute(a), absolute(b)),
          slowSsim(a, b, COLUMNS),
          slowOverlap(a, b, Math.round(PIXELS / 10)),
        ]
        expect(scores.map(({ metric }) => metric)).toEqual(SANITY_METRICS)
        for (const [index, { value, state }] of scores.entries()) {
          expect(state).toBe('ok')
          expect(value).toBeCloseTo(expected[index] ?? NaN, 6)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('does not see signs where it looks at absolute maps', () => {
    const a = map(Array.from({ length: PIXELS }, (_, pixel) => pixel))
    const scores = similarity(
      a,
      a.map((value) => -value),
      COLUMNS,
    )
    expect(scores[0]?.value).toBeCloseTo(-1, 12)
    expect(scores[1]?.value).toBeCloseTo(1, 12)
  })

  it('has no value for a map that is 0 everywhere, and says so', () => {
    const some = map(Array.from({ length: PIXELS }, (_, pixel) => pixel % 7))
    const states = similarity(some, new Float32Array(PIXELS), COLUMNS).map(({ state }) => state)
    expect(states).toEqual(['undefined', 'undefined', 'undefined', 'no_relevance'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreement, defaultTop } from '../../../src/engine/metrics/agreement.ts'
import { pearson } from '../../../src/engine/metrics/pearson.ts'
import { spearman } from '../../../src/engine/metrics/spearman.ts'
import { ssim } from '../../../src/engine/metrics/ssim.ts'
import { topOverlap } from '../../../src/engine/metrics/top-overlap.ts'
import { AGREEMENT_METRICS } from '../../../src/shared/names.ts'
import { increasing, mapPair } from './map-arbitraries.ts'
import { slowOverlap, slowPearson, slowRanks, slowSsim } from './slow-metrics.ts'

const map = (values: readonly number[]) => Float64Array.from(values)

/** Two images a little larger than the window, partly alike. */
const imagePair = fc
  .record({ rows: fc.integer({ min: 11, max: 13 }), columns: fc.integer({ min: 11, max: 14 }) })
  .chain(({ rows, columns }) => {
    const pixels = { minLength: rows * columns, maxLength: rows * columns }
    const values = fc.array(fc.integer({ min: -4, max: 9 }), pixels)
    return fc.record({
      columns: fc.constant(columns),
      a: values,
      noise: values,
      mix: fc.double({ min: 0, max: 1, noNaN: true }),
    })
  })
  .map(({ columns, a, noise, mix }) => ({
    columns,
    a,
    b: a.map((value, at) => value + mix * (noise[at] ?? 0)),
  }))
  .filter(({ a, b }) => a.some((value) => value !== 0) && b.some((value) => value !== 0))

describe('agreement of two maps', () => {
  it('agrees with a second computation', () => {
    fc.assert(
      fc.property(mapPair, ({ a, b }) => {
        expect(pearson(map(a), map(b))).toBeCloseTo(slowPearson(a, b), 8)
        expect(spearman(map(a), map(b))).toBeCloseTo(slowPearson(slowRanks(a), slowRanks(b)), 10)
        for (let k = 1; k <= a.length; k += 1) {
          expect(topOverlap(map(a), map(b), k)).toBe(slowOverlap(a, b, k))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('in structure agrees with whole windows and central moments', () => {
    fc.assert(
      fc.property(imagePair, ({ a, b, columns }) => {
        expect(ssim(map(a), map(b), columns)).toBeCloseTo(slowSsim(a, b, columns), 9)
        const [positiveA, positiveB] = [a.map(Math.abs), b.map(Math.abs)]
        expect(ssim(map(positiveA), map(positiveB), columns)).toBeCloseTo(
          slowSsim(positiveA, positiveB, columns),
          9,
        )
      }),
      { numRuns: 40 },
    )
  })

  it('is 1 for a map with itself and for maps in proportion', () => {
    fc.assert(
      fc.property(imagePair, fc.constantFrom(1, 0.001, 500), ({ a, columns }, factor) => {
        fc.pre(new Set(a).size > 1)
        const own = map(a)
        const scaled = own.map((value) => value * factor)
        for (const { value } of agreement(own, scaled, { columns, top: 7 })) expect(value).toBeCloseTo(1, 9)
      }),
      { numRuns: 40 },
    )
  })

  it('does not depend on which map comes first', () => {
    fc.assert(
      fc.property(imagePair, ({ a, b, columns }) => {
        const forth = agreement(map(a), map(b), { columns, top: 9 })
        const back = agreement(map(b), map(a), { columns, top: 9 })
        forth.forEach(({ value, state }, index) => {
          expect(back[index]?.state).toBe(state)
          if (value !== null) expect(back[index]?.value).toBeCloseTo(value, 12)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('by correlation changes sign with one of the maps', () => {
    fc.assert(
      fc.property(mapPair, ({ a, b }) => {
        const negated = map(b.map((value) => -value))
        expect(pearson(map(a), negated)).toBeCloseTo(-(pearson(map(a), map(b)) ?? NaN), 12)
        expect(spearman(map(a), negated)).toBeCloseTo(-(spearman(map(a), map(b)) ?? NaN), 12)
      }),
    )
  })

  it('keeps the digits of values that are nearly the same', () => {
    const nearly = [999.9999999997793, 999.9999999997785, 999.9999999997788]
    const other = [0, 1e-6, 6e-7]
    expect(pearson(map(nearly), map(other))).toBeCloseTo(slowPearson(nearly, other), 10)
    expect(pearson(map([1000, 1000 + 2 ** -40]), map([1e-6, 2e-6]))).toBe(1)
  })

  it('by rank does not change under an increasing function', () => {
    fc.assert(
      fc.property(mapPair, increasing, ({ a, b }, grow) => {
        const grown = b.map(grow)
        fc.pre(new Set(grown).size === new Set(b.map((value) => value + 0)).size)
        expect(spearman(map(a), map(grown))).toBeCloseTo(spearman(map(a), map(b)) ?? NaN, 12)
        expect(topOverlap(map(a), map(grown), 1)).toBe(topOverlap(map(a), map(b), 1))
      }),
    )
  })

  it('shares mid-ranks among equal values', () => {
    expect(spearman(map([1, 2, 2, 3]), map([1, 2, 3, 4]))).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12)
  })

  it('is undefined for a constant map, except for the overlap, which goes by pixel number', () => {
    const uniform = new Float64Array(144).fill(2)
    const other = map(Array.from({ length: 144 }, (_, at) => Math.sin(at)))
    const [rank, linear, top, structure] = agreement(uniform, other, { columns: 12, top: 14 })
    expect([rank?.state, linear?.state, top?.state, structure?.state]).toEqual([
      'undefined',
      'undefined',
      'ok',
      'ok',
    ])
    expect([rank?.value, linear?.value]).toEqual([null, null])
    expect(topOverlap(map([1, 1, 1]), map([5, 0, 0]), 1)).toBe(1)
    expect(topOverlap(map([1, 1, 1]), map([0, 0, 5]), 1)).toBe(0)
  })

  it('marks a map without relevance', () => {
    const other = map(Array.from({ length: 144 }, (_, at) => Math.sin(at)))
    const states = agreement(new Float64Array(144), other, { columns: 12, top: 14 }).map(({ state }) => state)
    expect(states).toEqual(['undefined', 'undefined', 'no_relevance', 'undefined'])
  })

  it('in structure is undefined for maps smaller than the window', () => {
    const small = map(Array.from({ length: 110 }, (_, at) => at))
    expect(ssim(small, small, 11)).toBeNull()
    expect(ssim(small, small, 10)).toBeNull()
  })

  it('comes in the order of its names and takes a tenth of the pixels by default', () => {
    const own = map(Array.from({ length: 144 }, (_, at) => at))
    expect(agreement(own, own, { columns: 12, top: 1 }).map(({ metric }) => metric)).toEqual([
      ...AGREEMENT_METRICS,
    ])
    expect(defaultTop(28 * 84)).toBe(235)
    expect(defaultTop(3)).toBe(1)
  })

  it('refuses maps of different size, and a number of pixels that they do not have', () => {
    const own = map([1, 2, 3, 4])
    const codeOf = (run: () => unknown) => {
      try {
        run()
        return null
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(codeOf(() => agreement(own, map([1, 2]), { columns: 2, top: 1 }))).toBe('bad_argument')
    for (const top of [0, 5, 1.5]) {
      expect(codeOf(() => agreement(own, own, { columns: 2, top }))).toBe('bad_argument')
    }
  })
})

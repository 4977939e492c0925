import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemRegions, type MapRegion } from '../../../src/engine/metrics/regions.ts'
import { regionShares, sharesOf } from '../../../src/engine/metrics/shares.ts'

const regions = itemRegions(2, 6, [1, 0, 1])
const sharesOfMap = (values: number[]) =>
  regionShares({ map: Float64Array.from(values), rows: 2, columns: 6 }, regions)
const pixels = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 })

describe('regionShares', () => {
  it('sums to 1, or is all 0', () => {
    fc.assert(
      fc.property(pixels, (values) => {
        const { shares, sharesPositive, total, absolute } = sharesOfMap(values)
        const sum = shares.reduce((a, b) => a + b, 0)
        if (Math.abs(total) <= 1e-6 * absolute) expect(shares).toEqual([0, 0, 0])
        else expect(Math.abs(sum - 1)).toBeLessThan(1e-9 * Math.max(1, ...shares.map(Math.abs)))
        if (values.some((value) => value > 0)) {
          expect(sharesPositive.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        } else expect(sharesPositive).toEqual([0, 0, 0])
      }),
    )
  })

  it('agrees with sums made pixel by pixel over columns', () => {
    fc.assert(
      fc.property(pixels, (values) => {
        const itemSum = (item: number, part: (value: number) => number) =>
          values.reduce((sum, value, at) => sum + (Math.floor((at % 6) / 2) === item ? part(value) : 0), 0)
        const { total, absolute, shares, sharesPositive } = sharesOfMap(values)
        expect(total).toBeCloseTo(
          values.reduce((a, b) => a + b, 0),
          12,
        )
        expect(absolute).toBeCloseTo(
          values.reduce((a, b) => a + Math.abs(b), 0),
          12,
        )
        const positiveTotal = values.reduce((sum, value) => sum + Math.max(value, 0), 0)
        for (const item of [0, 1, 2]) {
          if (Math.abs(total) > 1e-3) expect(shares[item]).toBeCloseTo(itemSum(item, (v) => v) / total, 9)
          if (positiveTotal > 1e-3) {
            expect(sharesPositive[item]).toBeCloseTo(itemSum(item, (v) => Math.max(v, 0)) / positiveTotal, 9)
          }
        }
      }),
    )
  })

  it('does not change when the map is scaled by a positive factor', () => {
    fc.assert(
      fc.property(pixels, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (values, factor) => {
        const plain = sharesOfMap(values)
        fc.pre(Math.abs(plain.total) > 1e-3 * plain.absolute)
        const scaled = sharesOfMap(values.map((value) => value * factor))
        plain.shares.forEach((share, item) => expect(scaled.shares[item]).toBeCloseTo(share, 8))
      }),
    )
  })

  it('accumulates float32 maps in float64', () => {
    const map = new Float32Array(4_000_000).fill(0.1)
    map[0] = 1e6
    const whole: MapRegion = { name: 'all', mark: 1, box: { row: 0, column: 0, height: 1, width: 4_000_000 } }
    const { total } = regionShares({ map, rows: 1, columns: 4_000_000 }, [whole])
    expect(total).toBeCloseTo(1e6 + Math.fround(0.1) * 3_999_999, 3)
  })

  it('counts for nothing what is in no region', () => {
    const [left] = regions
    const { shares, total } = regionShares(
      { map: Float32Array.from({ length: 12 }, (_, at) => at), rows: 2, columns: 6 },
      left === undefined ? [] : [left],
    )
    expect(total).toBe(0 + 1 + 6 + 7)
    expect(shares).toEqual([1])
  })

  it('takes masks', () => {
    const box = { row: 0, column: 0, height: 2, width: 2 }
    const masks: MapRegion[] = [
      { name: 'odd', mark: 1, box, mask: Uint8Array.of(0, 1, 0, 1) },
      { name: 'even', mark: 0, box, mask: Uint8Array.of(1, 0, 1, 0) },
    ]
    const { shares } = regionShares({ map: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 }, masks)
    expect(shares).toEqual([0.6, 0.4])
  })

  it.each([NaN, Infinity, -Infinity])('refuses %s in a map', (value) => {
    expect(() => sharesOfMap([value, ...Array.from({ length: 11 }, () => 1)])).toThrow(/NaN or Infinity/)
  })

  it('refuses a map of another size', () => {
    expect(() => sharesOfMap([1, 2, 3])).toThrow(/a map of 3 values; expected 2 x 6 = 12/)
  })
})

describe('sharesOf', () => {
  it('calls a total of one millionth of the absolute sum nothing, and a little more something', () => {
    expect(sharesOf([1e-6, 0], 1)).toEqual([0, 0])
    expect(sharesOf([-1e-6, 0], 1)).toEqual([0, 0])
    expect(sharesOf([1.01e-6, 0], 1)).toEqual([1, 0])
    expect(sharesOf([0, 0], 0)).toEqual([0, 0])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coarseMap, featuresOf, meanMap } from '../../../src/engine/groups/features.ts'

const ROWS = 8
const COLUMNS = 24

const someMap = fc
  .array(fc.float({ min: -100, max: 100, noNaN: true }), {
    minLength: ROWS * COLUMNS,
    maxLength: ROWS * COLUMNS,
  })
  .map((values) => Float32Array.from(values))

describe('the coarse map', () => {
  test('has the part of the absolute relevance of each block', () => {
    const values = new Float32Array(ROWS * COLUMNS)
    values[0] = -3
    values[1 * COLUMNS + 1] = 1
    values[7 * COLUMNS + 23] = 4
    const expected = new Array<number>(48).fill(0)
    expected[0] = 0.5
    expected[47] = 0.5
    expect(coarseMap(values, COLUMNS)).toEqual(expected)
  })

  test('sums to 1, and stays when the map is scaled or changes its sign', () => {
    fc.assert(
      fc.property(someMap, (values) => {
        const parts = coarseMap(values, COLUMNS)
        const sum = parts.reduce((total, part) => total + part, 0)
        expect(sum).toBeCloseTo(values.every((value) => value === 0) ? 0 : 1, 10)
        const turned = coarseMap(
          values.map((value) => -4 * value),
          COLUMNS,
        )
        turned.forEach((part, block) => expect(part).toBeCloseTo(parts[block] ?? NaN, 6))
      }),
      { seed: 1 },
    )
  })

  test('covers maps whose sides are no multiples of the blocks', () => {
    const parts = coarseMap(new Float32Array(5 * 13).fill(1), 13)
    expect(parts.reduce((total, part) => total + part, 0)).toBeCloseTo(1, 12)
    expect(parts.every((part) => part > 0)).toBe(true)
  })
})

describe('features', () => {
  const map = { values: new Float32Array(ROWS * COLUMNS), columns: COLUMNS }

  test('tell majority items from odd ones, and hold shares that grow without end', () => {
    const features = featuresOf({ ...map, shares: [0.25, 1e6, -1e6], marks: [1, 0, 1] }, 3)
    expect(features.slice(0, 6)).toEqual([0.25, 0, -1, 0, 2, 0])
  })

  test('are finite for a map without relevance and for missing items', () => {
    const features = featuresOf({ ...map, shares: [NaN], marks: [1] }, 3)
    expect(features).toEqual(new Array<number>(6 + 48).fill(0))
  })

  test('hold the square roots of the coarse map', () => {
    const values = Float32Array.from({ length: ROWS * COLUMNS }, (_, pixel) => (pixel % 7) - 3)
    const { length } = featuresOf({ ...map, values, shares: [1], marks: [1] }, 1)
    const blocks = featuresOf({ ...map, values, shares: [1], marks: [1] }, 1).slice(2)
    expect(length).toBe(2 + 48)
    expect(blocks.map((root) => root ** 2)).toEqual(
      coarseMap(values, COLUMNS).map((part) => expect.closeTo(part, 12) as number),
    )
  })
})

describe('the mean map', () => {
  test('weighs every map alike, whatever its units, and counts one without relevance as 0', () => {
    const maps = [Float32Array.of(1, 3), Float32Array.of(-500, 500), Float32Array.of(0, 0)]
    expect([...meanMap(maps)]).toEqual([
      expect.closeTo((0.25 - 0.5 + 0) / 3, 6),
      expect.closeTo((0.75 + 0.5 + 0) / 3, 6),
    ])
  })

  test('is that of another way to compute it, matrix by vector', () => {
    fc.assert(
      fc.property(fc.array(someMap, { minLength: 1, maxLength: 6 }), (maps) => {
        const sizes = maps.map((map) => Math.hypot(...map.map((value) => Math.sqrt(Math.abs(value)))) ** 2)
        const found = meanMap(maps)
        for (const pixel of [0, 17, 100, ROWS * COLUMNS - 1]) {
          const column = maps.map((map, index) => {
            const size = sizes[index] ?? 0
            return size === 0 ? 0 : (map[pixel] ?? NaN) / size
          })
          expect(found[pixel]).toBeCloseTo(column.reduce((a, b) => a + b) / maps.length, 5)
        }
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'

const bytes = (map: Float32Array) => Buffer.from(map.buffer).toString('hex')
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

describe('randomMap', () => {
  it('gives the same bytes for the same seed and sample, and others for any other pair', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (seed, sample, otherSeed, otherSample) => {
        const map = bytes(randomMap(16, seed, sample))
        expect(bytes(randomMap(16, seed, sample))).toBe(map)
        if (seed !== otherSeed || sample !== otherSample) {
          expect(bytes(randomMap(16, otherSeed, otherSample))).not.toBe(map)
        }
      }),
    )
  })

  it('stays what it was: stored maps can be made again', () => {
    expect([...randomMap(4, 0, 0)]).toEqual([
      0.5443788766860962, 0.4836428761482239, 0.8098644018173218, 0.2460351437330246,
    ])
  })

  it('is uniform on [0, 1)', () => {
    const map = randomMap(100_000, 1, 2)
    const counts = Array.from({ length: 10 }, () => 0)
    expect(map.every((value) => value >= 0 && value < 1)).toBe(true)
    for (const value of map) {
      const tenth = Math.floor(value * 10)
      counts[tenth] = (counts[tenth] ?? 0) + 1
    }
    // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
  })

  it('is not correlated between neighbouring samples or seeds', () => {
    const correlation = (a: Float32Array, b: Float32Array) =>
      mean(a.map((value, at) => (value - 0.5) * ((b[at] ?? 0) - 0.5))) * 12
    for (let index = 0; index < 20; index += 1) {
      const map = randomMap(10_000, 5, index)
      expect(Math.abs(correlation(map, randomMap(10_000, 5, index + 1)))).toBeLessThan(0.05)
      expect(Math.abs(correlation(map, randomMap(10_000, 6, index)))).toBeLessThan(0.05)
    }
    const firsts = Float32Array.from({ length: 10_000 }, (_, index) => randomMap(1, 9, index)[0] ?? 0)
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    expect(Math.abs(correlation(firsts.subarray(0, 9_999), firsts.subarray(1)))).toBeLessThan(0.05)
  })
})

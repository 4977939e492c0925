import { describe, expect, it } from 'vitest'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const DRAWS = 20_000

function draws(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('seededGenerator', () => {
  it('gives the same numbers on every machine and in every version', () => {
    const generator = seededGenerator(1, 'pinned', 2)
    expect(draws(5, () => generator.uniformInt(0, 999))).toEqual([357, 60, 821, 940, 49])
    expect(generator.float()).toBe(0.03992164109548535)
    expect(generator.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([2, 5, 6, 1, 0, 4, 7, 3])
  })

  it('gives every seed and scope a stream of its own', () => {
    const scopes = [
      [1],
      [2],
      [1, 'a'],
      [1, 'a', 'b'],
      [1, 'ab'],
      [1, 'a', 1],
      [1, 'a', 2],
      [1, 2],
      [12],
    ] as const
    const firsts = scopes.map(([seed, ...scope]) => seededGenerator(seed, ...scope).float())
    expect(new Set(firsts).size).toBe(scopes.length)
  })

  it('takes a number and its text as the same seed', () => {
    expect(seededGenerator(7, 'x', 3).float()).toBe(seededGenerator('7', 'x', '3').float())
  })

  it('draws neighbouring scopes without correlation', () => {
    const pairs = draws(DRAWS, () => 0).map((_, index) => [
      seededGenerator(1, 'map', index).float(),
      seededGenerator(1, 'map', index + 1).float(),
    ])
    const covariance = mean(pairs.map(([a = 0, b = 0]) => (a - 0.5) * (b - 0.5)))
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(DRAWS))
  })

  it('draws whole numbers uniformly, both ends included', () => {
    const generator = seededGenerator(3)
    const counts = new Map<number, number>()
    for (const value of draws(DRAWS, () => generator.uniformInt(-2, 3))) {
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3])
    const expected = DRAWS / 6
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(20.5) // 5 degrees of freedom: exceeded once in a thousand seeds
  })

  it('draws bits that are each set in half of the draws', () => {
    const generator = seededGenerator(1, 'bits')
    const drawn = draws(DRAWS, () => generator.bits())
    const fourDeviations = 4 * Math.sqrt(0.25 / DRAWS)
    for (let bit = 0; bit < 32; bit += 1) {
      const share = mean(drawn.map((bits) => (bits >>> bit) & 1))
      expect(Math.abs(share - 0.5)).toBeLessThan(fourDeviations)
    }
  })

  it('draws floats in [0, 1) with mean 1/2 and variance 1/12', () => {
    const generator = seededGenerator(4)
    const values = draws(DRAWS, () => generator.float())
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * DRAWS))
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
  })

  it('draws normal numbers: finite, mean 0, variance 1, kurtosis 3', () => {
    const generator = seededGenerator(5)
    const values = draws(DRAWS, () => generator.normal())
    expect(values.every(Number.isFinite)).toBe(true)
    expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(DRAWS))
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / DRAWS))
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / DRAWS))
  })

  it('shuffles every order equally often, in place', () => {
    const generator = seededGenerator(6)
    const counts = new Map<string, number>()
    for (let draw = 0; draw < DRAWS; draw++) {
      const order = generator.shuffle(Uint8Array.of(0, 1, 2)).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    const expected = DRAWS / 6
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(20.5)
    const values = [1]
    expect(generator.shuffle(values)).toBe(values)
    expect(generator.shuffle([])).toEqual([])
  })
})

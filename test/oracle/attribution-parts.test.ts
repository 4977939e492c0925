import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patchStarts } from '../../src/engine/explainers/occlusion.ts'
import { noiseOf } from '../../src/engine/explainers/smoothgrad.ts'
import { largestDifference, largestValue } from './compare.ts'
import { epsilonToInputs } from './reference/layers.ts'

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5) {
  expect(largestDifference(actual, expected)).toBeLessThan(tolerance * largestValue(expected))
}

describe('the epsilon rule of the reference loops against published values', () => {
  it('A9: a dense layer with its bias', () => {
    const kept = { epsilon: 0, bias: 0 }
    const layer = {
      weight: [
        [3, 5],
        [4, 6],
      ],
      bias: [7, 8],
    }
    expectClose(epsilonToInputs(layer, [1, 2], [1 / 3, 2 / 3], 0, kept), [17 / 90, 316 / 675], 1e-12)
    expect(kept.bias).toBeCloseTo(0.342963, 6)
  })

  it('A11: near-zero denominators', () => {
    const weight = [
      [-0.25, -0.55, 0.3],
      [0.45, 0.15, -0.15],
      [0, -0.3, 0.55],
      [-0.45, 0.4, 0.1],
    ]
    const [x, r] = [
      [0.5, 0, 1, 2],
      [1, 2, 3],
    ]
    const kept = { epsilon: 0, bias: 0 }
    const biased = { weight, bias: [-0.1, -0.2, -0.3] }
    expectClose(epsilonToInputs(biased, x, r, 0, kept), [-21.138889, 0, -21.25, 65.8], 1e-7)
    expect(kept.bias).toBeCloseTo(-17.411111, 6)
    const plain = { weight, bias: [0, 0, 0] }
    const stabilised = [plain, biased].map((layer) =>
      epsilonToInputs(layer, x, r, 0.25, { epsilon: 0, bias: 0 }),
    )
    const published = [-1.379679, 0, -0.240642, 7.178609]
    const nearest = Math.min(...stabilised.map((map) => largestDifference(map, published)))
    expect(nearest).toBeLessThan(1e-6)
  })
})

describe('patches', () => {
  it.each([
    [28, 4, 4, [0, 4, 8, 12, 16, 20, 24]],
    [9, 4, 4, [0, 4, 5]],
    [5, 3, 1, [0, 1, 2]],
    [3, 4, 4, [0]],
    [4, 4, 1, [0]],
  ])('along %d pixels of %d with stride %d begin at %j', (size, patch, stride, starts) => {
    expect(patchStarts(size, patch, stride)).toEqual(starts)
  })

  it('cover every pixel and none beyond', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 90 }),
      patch: fc.integer({ min: 1, max: 90 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(sizes, ({ size, patch, part }) => {
        const starts = patchStarts(size, patch, Math.max(1, Math.round(part * patch)))
        const covered = new Set(starts.flatMap((start) => Array.from({ length: patch }, (_, k) => start + k)))
        for (let pixel = 0; pixel < size; pixel += 1) expect(covered.has(pixel)).toBe(true)
        if (patch <= size) expect(Math.max(...covered)).toBe(size - 1)
        expect(new Set(starts).size).toBe(starts.length)
      }),
      { seed: 1 },
    )
  })
})

describe('the noise of SmoothGrad (C14)', () => {
  it('has the deviation that was asked for, no mean, and a stream of its own for each sample and seed', () => {
    const image = Float32Array.from([-1, 0.5, 1])
    const draw = (index: number, seed: number) => {
      const noise = noiseOf(image, index, { sigma: 0.15, seed })
      return Array.from({ length: 20_000 }, noise)
    }
    const values = draw(3, 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(deviation / 0.3 - 1)).toBeLessThan(0.05)
    expect(draw(3, 0)).toEqual(values)
    expect(draw(4, 0)).not.toEqual(values)
    expect(draw(3, 1)).not.toEqual(values)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patchGrid, patchOf, patchSums } from '../../../src/engine/metrics/patches.ts'
import {
  aopc,
  flippedImages,
  flippingCurves,
  randomOrder,
  relevanceOrder,
  type LogitsOf,
} from '../../../src/engine/metrics/pixel-flipping.ts'
import { DEFAULT_FLIPPING, scoreFlipping } from '../../../src/engine/metrics/score-flipping.ts'
import { slowOrder } from './slow-metrics.ts'

/** Two classes, none linear in the pixels, so that the order of the flips matters. */
function slowModel(image: readonly number[]): [number, number] {
  const sum = image.reduce((total, pixel, at) => total + Math.tanh(pixel * Math.sin(at + 1)), 0)
  return [Math.exp(sum / 8), sum ** 2]
}

const modelLogits: LogitsOf = (images, count) => {
  const pixels = images.length / count
  return Promise.resolve(
    Float32Array.from(
      Array.from({ length: count }, (_, n) =>
        slowModel([...images.subarray(n * pixels, (n + 1) * pixels)]),
      ).flat(),
    ),
  )
}

/** Rows of patches of a map, each the list of its pixels. */
function slowPatches(rows: number, columns: number, side: number): number[][] {
  const patches: number[][] = []
  for (let top = 0; top < rows; top += side) {
    for (let left = 0; left < columns; left += side) {
      const pixels: number[] = []
      for (let row = top; row < Math.min(top + side, rows); row += 1) {
        for (let column = left; column < Math.min(left + side, columns); column += 1) {
          pixels.push(row * columns + column)
        }
      }
      patches.push(pixels)
    }
  }
  return patches
}

/** Flips one patch after the other in a copy. */
function slowAopc(
  image: readonly number[],
  patches: readonly number[][],
  order: readonly number[],
  flips: number,
  target: 0 | 1,
): number {
  const flipped = [...image]
  const start = Math.fround(slowModel(image)[target])
  let drop = 0
  for (const patch of order.slice(0, flips)) {
    for (const pixel of patches[patch] ?? []) flipped[pixel] = -1
    drop += start - Math.fround(slowModel(flipped)[target])
  }
  return drop / (flips + 1)
}

const problem = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 7 }),
    side: fc.integer({ min: 1, max: 3 }),
    target: fc.constantFrom<0 | 1>(0, 1),
  })
  .chain(({ rows, columns, ...rest }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      side: fc.constant(rest.side),
      target: fc.constant(rest.target),
      map: fc.array(fc.integer({ min: -2, max: 2 }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
      image: fc.array(fc.constantFrom(-1, -0.5, 0, 0.25, 1), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
    }),
  )

describe('pixel flipping', () => {
  it('agrees with flipping one patch after the other', async () => {
    await fc.assert(
      fc.asyncProperty(problem, async ({ rows, columns, side, target, map, image }) => {
        const patches = slowPatches(rows, columns, side)
        const sums = patches.map((pixels) => pixels.reduce((sum, pixel) => sum + (map[pixel] ?? NaN), 0))
        const flips = Math.ceil(patches.length / 2)
        const sample = { image: Float32Array.from(image), rows, columns, target, sampleIndex: 5 }
        const options = { side, flips, seed: 3 }
        const [scores = []] = await scoreFlipping(sample, [Float64Array.from(map)], options, modelLogits)
        const random = [...randomOrder(patchGrid(rows, columns, side), 3, 5)]
        const orders = [slowOrder(sums), slowOrder(sums.map((sum) => -sum)), random]
        expect(scores.map(({ metric }) => metric)).toEqual(['aopc_morf', 'aopc_lerf', 'aopc_random'])
        scores.forEach(({ value }, index) => {
          expect(value).toBeCloseTo(slowAopc(image, patches, orders[index] ?? [], flips, target), 5)
        })
      }),
      { numRuns: 150 },
    )
  })

  it('cuts 28 x 84 pixels into 7 x 21 patches of 16 pixels', () => {
    const grid = patchGrid(28, 84, DEFAULT_FLIPPING.side)
    expect(grid).toMatchObject({ across: 21, count: 147 })
    expect([...patchSums(new Float32Array(28 * 84).fill(1), grid)]).toEqual(new Array(147).fill(16))
    expect(patchOf(grid, 3 * 84 + 3)).toBe(0)
    expect(patchOf(grid, 4)).toBe(1)
    expect(patchOf(grid, 4 * 84)).toBe(21)
    expect(patchOf(grid, 28 * 84 - 1)).toBe(146)
  })

  it('cuts the last patches by the border', () => {
    expect([...patchSums(new Float32Array(15).fill(1), patchGrid(3, 5, 2))]).toEqual([4, 4, 2, 2, 2, 1])
  })

  it('orders patches by signed sums, ties by patch number in both directions', () => {
    const grid = patchGrid(1, 5, 1)
    const map = Float64Array.of(1, -3, 2, 1, 2)
    expect([...relevanceOrder(map, grid, 'morf')]).toEqual([2, 4, 0, 3, 1])
    expect([...relevanceOrder(map, grid, 'lerf')]).toEqual([1, 0, 3, 2, 4])
  })

  it('turns patches black and leaves the others as they are', () => {
    const images = flippedImages(
      Float32Array.of(0.5, 0.25, -0.5, 0),
      patchGrid(2, 2, 1),
      Uint32Array.of(3, 0, 2, 1),
      2,
    )
    expect([...images]).toEqual([0.5, 0.25, -0.5, -1, -1, 0.25, -0.5, -1])
  })

  it('turns all channels of a pixel black at once', () => {
    const images = flippedImages(
      Float32Array.of(0.1, 0.2, 0.3, 0.4),
      patchGrid(1, 2, 1),
      Uint32Array.of(1, 0),
      2,
    )
    expect([...images]).toEqual([...Float32Array.of(0.1, 0.2, -1, -1), -1, -1, -1, -1])
  })

  it('draws a random order by seed and sample, every patch once', () => {
    const grid = patchGrid(28, 84, 4)
    const order = randomOrder(grid, 0, 7)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 147 }, (_, patch) => patch))
    expect(randomOrder(grid, 0, 7)).toEqual(order)
    expect(randomOrder(grid, 0, 8)).not.toEqual(order)
    expect(randomOrder(grid, 1, 7)).not.toEqual(order)
  })

  it('explains the class of the largest logit of the image itself when asked for the predicted one', async () => {
    const logits: LogitsOf = (_, count) =>
      Promise.resolve(Float32Array.from({ length: 2 * count }, (_, at) => (at % 2 === 1 ? at : -at)))
    const sample = { image: Float32Array.of(0, 0), target: 'predicted' as const }
    const grid = patchGrid(1, 2, 1)
    const curves = await flippingCurves(sample, { grid, orders: [Uint32Array.of(0, 1)], flips: 2 }, logits)
    expect(curves).toEqual([[1, 3, 5]])
  })

  it('changes nothing in a black image: every area is 0', async () => {
    const black = new Float32Array(12).fill(-1)
    const sample = { image: black, rows: 3, columns: 4, target: 0, sampleIndex: 0 }
    const [scores = []] = await scoreFlipping(
      sample,
      [Float32Array.from(black.keys())],
      { side: 2, flips: 4, seed: 0 },
      modelLogits,
    )
    expect(scores.map(({ value }) => value)).toEqual([0, 0, 0])
  })

  it('marks the order of an empty map, and shares the random order among maps', async () => {
    const image = Float32Array.from({ length: 16 }, (_, at) => Math.sin(at))
    const sample = { image, rows: 4, columns: 4, target: 0, sampleIndex: 2 }
    const maps = [new Float32Array(16), new Float32Array(16).fill(1), image]
    const scores = await scoreFlipping(sample, maps, { side: 1, flips: 5, seed: 0 }, modelLogits)
    const [empty = [], uniform = [], own = []] = scores
    expect(empty.map(({ state }) => state)).toEqual(['no_relevance', 'no_relevance', 'ok'])
    expect(empty.map(({ value }) => value)).toEqual(uniform.map(({ value }) => value))
    expect(own.at(-1)).toEqual(uniform.at(-1))
    expect(own[0]?.value).not.toBe(uniform[0]?.value)
  })

  it('refuses more flips than patches, and patches of no size', async () => {
    const sample = { image: new Float32Array(4), rows: 2, columns: 2, target: 0, sampleIndex: 0 }
    const score = (side: number, flips: number) =>
      scoreFlipping(sample, [new Float32Array(4)], { side, flips, seed: 0 }, modelLogits)
    await expect(score(1, 5)).rejects.toMatchObject({ code: 'bad_argument', found: '5 flips' })
    await expect(score(1, 0)).rejects.toMatchObject({ code: 'bad_argument' })
    await expect(score(0, 1)).rejects.toMatchObject({ code: 'bad_argument' })
    await expect(score(1.5, 1)).rejects.toMatchObject({ code: 'bad_argument' })
  })

  it('is the mean drop over k = 0 .. L', () => {
    expect(aopc([5, 3, 4, 0])).toBe((0 + 2 + 1 + 5) / 4)
    expect(aopc([5])).toBe(0)
  })
})

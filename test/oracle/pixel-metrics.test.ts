import { describe, expect, it } from 'vitest'
import { entropy } from '../../src/engine/metrics/entropy.ts'
import { gini } from '../../src/engine/metrics/gini.ts'
import { massAccuracy, signedMassAccuracy } from '../../src/engine/metrics/mass-accuracy.ts'
import { patchGrid } from '../../src/engine/metrics/patches.ts'
import {
  aopc,
  flippingCurves,
  randomOrder,
  relevanceOrder,
  type LogitsOf,
} from '../../src/engine/metrics/pixel-flipping.ts'
import { pointingGame } from '../../src/engine/metrics/pointing-game.ts'
import { rankAccuracy, topAccuracy } from '../../src/engine/metrics/rank-accuracy.ts'
import { strokeAuc } from '../../src/engine/metrics/stroke-auc.ts'

const MAP = Float64Array.of(0.1, 0.2, 0.05, 0, 0.3, 0.05, 0, 0.1, 0.05, 0.05, 0.1, 0)
const STROKES = Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0)

describe('map metrics worked out by hand', () => {
  it('against the strokes', () => {
    expect(massAccuracy(MAP, STROKES)).toBeCloseTo(0.6, 12)
    expect(rankAccuracy(MAP, STROKES)).toBeCloseTo(2 / 3, 12)
    expect(pointingGame(MAP, STROKES)).toBe(1)
    expect(topAccuracy(MAP, STROKES, 5)).toBeCloseTo(0.6, 12)
    expect(strokeAuc(MAP, STROKES)).toBeCloseTo(0.962962963, 9)
  })

  it('of concentration', () => {
    const single = new Float64Array(12).with(3, 1)
    expect(gini(MAP)).toBeCloseTo(0.5166666667, 10)
    expect(entropy(MAP)).toBeCloseTo(1.9730014064, 10)
    expect(entropy(new Float64Array(12).fill(1))).toBeCloseTo(2.4849066498, 10)
    expect(gini(single)).toBeCloseTo(0.9166666667, 10)
  })

  it('with the pixel in row 1, column 3 at -.45', () => {
    const signed = MAP.with(2, -0.45)
    expect(signedMassAccuracy(signed, STROKES)).toBeCloseTo(1.2, 12)
    expect(massAccuracy(signed, STROKES)).toBeCloseTo(0.6315789, 7)
  })
})

describe('pixel flipping of a linear model', () => {
  /** `w (x + 1)` of every pixel; flipping to -1 takes it away. */
  const CONTRIBUTIONS = [1, -0.3, 0, 0, 2, 0.15, -0.4, 1.2, 0, 0.3, 1.2, 0]
  const F = 2.35
  const image = Float32Array.from(CONTRIBUTIONS.keys(), (pixel) => ((pixel % 4) + 1) / 4)
  const grid = patchGrid(2, 6, 1)
  const bias = F - CONTRIBUTIONS.reduce((sum, value) => sum + value, 0)
  const linear: LogitsOf = (images, count) =>
    Promise.resolve(
      Float32Array.from({ length: count }, (_, n) =>
        CONTRIBUTIONS.reduce((sum, contribution, pixel) => {
          const weight = contribution / ((image[pixel] ?? 0) + 1)
          return sum + weight * ((images[n * image.length + pixel] ?? 0) + 1)
        }, bias),
      ),
    )
  const map = Float64Array.from(CONTRIBUTIONS)
  const curve = async (order: Uint32Array, flips: number) => {
    const [only = []] = await flippingCurves({ image, target: 0 }, { grid, orders: [order], flips }, linear)
    return only
  }

  it('most relevant first', async () => {
    const morf = relevanceOrder(map, grid, 'morf')
    const values = await curve(morf, 12)
    const expected = [2.35, 0.35, -0.85, -2.05, -3.05, -3.35, -3.5, -3.5, -3.5, -3.5, -3.5, -3.2, -2.8]
    expected.forEach((value, k) => expect(values[k]).toBeCloseTo(value, 6))
    expect(aopc(await curve(morf, 4))).toBeCloseTo(3, 6)
    expect(aopc(values)).toBeCloseTo(4.6653846, 6)
    expect(aopc(await curve(morf, 4)) / F).toBeCloseTo(1.2766, 4)
  })

  it('least relevant first', async () => {
    expect(aopc(await curve(relevanceOrder(map, grid, 'lerf'), 12))).toBeCloseTo(0.4846154, 6)
  })

  it('in random order is half of the whole on average', async () => {
    const areas: number[] = []
    for (let seed = 0; seed < 4000; seed += 1) areas.push(aopc(await curve(randomOrder(grid, seed, 0), 12)))
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length
    const deviation = Math.sqrt(areas.reduce((sum, area) => sum + (area - mean) ** 2, 0) / areas.length)
    expect(Math.abs(mean - 2.575)).toBeLessThan((4 * deviation) / Math.sqrt(areas.length))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { massAccuracy, signedMassAccuracy } from '../../../src/engine/metrics/mass-accuracy.ts'
import { pointingGame } from '../../../src/engine/metrics/pointing-game.ts'
import { rankAccuracy, topAccuracy } from '../../../src/engine/metrics/rank-accuracy.ts'
import { strokeAuc } from '../../../src/engine/metrics/stroke-auc.ts'
import { increasing, maskedMap } from './map-arbitraries.ts'
import { slowAuc, slowMass, slowTopAccuracy } from './slow-metrics.ts'

const map = (...values: number[]) => Float64Array.from(values)
const mask = (...strokes: number[]) => Uint8Array.from(strokes)
const METRICS = [massAccuracy, signedMassAccuracy, rankAccuracy, pointingGame, strokeAuc]

describe('metrics against strokes', () => {
  it('agree with a second computation from the definitions', () => {
    fc.assert(
      fc.property(maskedMap, ({ values, map, strokes }) => {
        const inside = strokes.filter((stroke) => stroke === 1).length
        const positive = values.map((value) => Math.max(value, 0))
        if (positive.some((value) => value > 0)) {
          expect(massAccuracy(map, strokes)).toBeCloseTo(slowMass(positive, [...strokes]), 12)
        }
        const total = values.reduce((sum, value) => sum + value, 0)
        const absolute = values.reduce((sum, value) => sum + Math.abs(value), 0)
        if (Math.abs(total) > 0.01 * absolute) {
          expect(signedMassAccuracy(map, strokes)).toBeCloseTo(slowMass(values, [...strokes]), 9)
        }
        expect(rankAccuracy(map, strokes)).toBe(slowTopAccuracy(values, [...strokes], inside))
        expect(pointingGame(map, strokes)).toBe(slowTopAccuracy(values, [...strokes], 1))
        for (let count = 1; count <= values.length; count += 1) {
          expect(topAccuracy(map, strokes, count)).toBe(slowTopAccuracy(values, [...strokes], count))
        }
        expect(strokeAuc(map, strokes)).toBeCloseTo(slowAuc(values, [...strokes]), 12)
      }),
      { numRuns: 300 },
    )
  })

  it('are in [0, 1], the signed mass accuracy apart', () => {
    fc.assert(
      fc.property(maskedMap, ({ map, strokes }) => {
        for (const metric of [massAccuracy, rankAccuracy, pointingGame, strokeAuc]) {
          expect(metric(map, strokes)).toBeGreaterThanOrEqual(0)
          expect(metric(map, strokes)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('do not change when the map is scaled', () => {
    fc.assert(
      fc.property(maskedMap, fc.constantFrom(0.125, 2, 1024), ({ map, strokes }, factor) => {
        const scaled = map.map((value) => value * factor)
        for (const metric of METRICS) expect(metric(scaled, strokes)).toBe(metric(map, strokes))
      }),
    )
  })

  it('by rank do not change under an increasing function', () => {
    fc.assert(
      fc.property(maskedMap, increasing, ({ values, map, strokes }, grow) => {
        const grown = map.map(grow)
        fc.pre(new Set(grown).size === new Set(values.map((value) => value + 0)).size)
        for (const metric of [rankAccuracy, pointingGame, strokeAuc]) {
          expect(metric(grown, strokes)).toBe(metric(map, strokes))
        }
      }),
    )
  })

  it('AUC of the negated map, or against all other pixels, is the rest to 1', () => {
    fc.assert(
      fc.property(maskedMap, ({ map, strokes }) => {
        const auc = strokeAuc(map, strokes) ?? NaN
        expect(
          strokeAuc(
            map.map((value) => -value),
            strokes,
          ),
        ).toBeCloseTo(1 - auc, 12)
        expect(
          strokeAuc(
            map,
            strokes.map((stroke) => 1 - stroke),
          ),
        ).toBeCloseTo(1 - auc, 12)
      }),
    )
  })

  it('of a uniform map: the part of the pixels, the order of the pixels, 1/2', () => {
    const strokes = mask(0, 1, 0, 0, 1, 0, 0, 0)
    const uniform = new Float64Array(8).fill(0.3)
    expect(massAccuracy(uniform, strokes)).toBeCloseTo(2 / 8, 15)
    expect(signedMassAccuracy(uniform, strokes)).toBeCloseTo(2 / 8, 15)
    expect(rankAccuracy(uniform, strokes)).toBe(1 / 2)
    expect(pointingGame(uniform, strokes)).toBe(0)
    expect(strokeAuc(uniform, strokes)).toBe(0.5)
  })

  it('of a map that is the mask are all 1, and of one off the mask 0', () => {
    const strokes = mask(0, 1, 1, 0, 0)
    for (const metric of METRICS) {
      expect(metric(Float64Array.from(strokes), strokes)).toBe(1)
      expect(
        metric(
          Float64Array.from(strokes, (stroke) => 1 - stroke),
          strokes,
        ),
      ).toBe(0)
    }
  })

  it('take ties by pixel number', () => {
    const strokes = mask(1, 0, 1)
    expect(pointingGame(map(2, 2, 1), strokes)).toBe(1)
    expect(pointingGame(map(1, 2, 2), strokes)).toBe(0)
    expect(rankAccuracy(map(1, 2, 1), strokes)).toBe(1 / 2)
    expect(rankAccuracy(map(1, 1, 1), mask(0, 0, 1))).toBe(0)
    expect(rankAccuracy(map(0, -0, 5), mask(0, 1, 1))).toBe(1 / 2)
  })

  it('count negative relevance as the metric says, never by its size', () => {
    const strokes = mask(1, 1, 0, 0)
    const signed = map(-8, 3, 1, 2)
    expect(massAccuracy(signed, strokes)).toBe(3 / 6)
    expect(signedMassAccuracy(signed, strokes)).toBe(5 / 2)
    expect(rankAccuracy(signed, strokes)).toBe(1 / 2)
    expect(pointingGame(signed, strokes)).toBe(1)
    expect(strokeAuc(signed, strokes)).toBe(2 / 4)
  })

  it('are undefined, not 0, without a stroke', () => {
    for (const metric of METRICS) expect(metric(map(1, 2, 3), mask(0, 0, 0))).toBeNull()
  })

  it('AUC is undefined where every pixel is a stroke', () => {
    expect(strokeAuc(map(1, 2), mask(1, 1))).toBeNull()
    expect(massAccuracy(map(1, 2), mask(1, 1))).toBe(1)
  })

  it('give the same in float32 as in float64 for values that both hold', () => {
    fc.assert(
      fc.property(maskedMap, ({ map, strokes }) => {
        const single = Float32Array.from(map)
        for (const metric of METRICS) {
          expect(metric(single, strokes)).toBe(metric(Float64Array.from(single), strokes))
        }
      }),
    )
  })
})

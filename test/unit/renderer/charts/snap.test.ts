import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nearestIndex } from '../../../../src/renderer/charts/snap.ts'
import { barsOf } from '../../../../src/renderer/charts/verdict-histogram-chart.ts'

it('finds the nearest candidate', () => {
  const candidates = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
  fc.assert(
    fc.property(candidates, fc.integer({ min: -2000, max: 2000 }), (values, wanted) => {
      const sorted = values.sort((left, right) => left - right)
      const found = sorted[nearestIndex(sorted, wanted)] ?? NaN
      expect(Math.abs(found - wanted)).toBe(Math.min(...sorted.map((value) => Math.abs(value - wanted))))
    }),
  )
})

it('answers 0 for no candidates', () => expect(nearestIndex([], 0.5)).toBe(0))

it('puts the bars of a histogram in the middle of their bins', () => {
  expect(barsOf([3, 0, 1, 2], 0, 1)).toEqual([
    { x: 0.125, y: 3 },
    { x: 0.375, y: 0 },
    { x: 0.625, y: 1 },
    { x: 0.875, y: 2 },
  ])
})

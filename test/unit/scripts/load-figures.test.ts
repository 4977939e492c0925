import { expect, test } from 'vitest'
import { growth, percentile } from '../../../scripts/load/figures.ts'

test('a percentile is the value below which so many of a hundred lie', () => {
  const values = Array.from({ length: 1000 }, (_, index) => 999 - index)
  expect(percentile(values, 99)).toBe(990)
  expect(percentile(values, 100)).toBe(999)
  expect(percentile([7], 99)).toBe(7)
})

test('growth compares the ends of what has settled', () => {
  expect(growth([900, ...Array<number>(9).fill(100)])).toBe(0)
  expect(growth(Array.from({ length: 100 }, (_, index) => 100 + index))).toBeCloseTo(189 / 129.5 - 1, 1)
})

import { expect, test } from 'vitest'
import { inSlices, nextSize } from '../../../src/engine/jobs/slices.ts'

test('slices become larger where they are fast, by twice at most, and smaller where they are slow', () => {
  expect(nextSize(100, 12)).toBe(100)
  expect(nextSize(100, 1)).toBe(200)
  expect(nextSize(900, 5)).toBe(1000)
  expect(nextSize(100, 48)).toBe(25)
  expect(nextSize(20, 5000)).toBe(10)
})

test('others have their turn between two slices', async () => {
  const log: string[] = []
  setImmediate(() => log.push('other'))
  await inSlices(1, () => log.push('slice') < 3)
  expect(log).toEqual(['slice', 'other', 'slice'])
})

import { expect, test } from 'vitest'
import { benchReview } from '../../src/hosts/bench/review.ts'

test('measures everything that a reviewer waits for, or says why not', { timeout: 180_000 }, async () => {
  const { maps, rows, skipped } = await benchReview(800)
  expect(maps).toBe(800)
  expect([...rows, ...skipped].map(({ task }) => task)).toEqual([
    'open, to the first rows',
    'filter change, to the first rows',
    'item',
    'verdict',
    'one verdict on 160 maps',
    'undo of it',
    'activation of a calibration',
    'activation, to the first rows',
    'frame of a drag of τ and θ, to the counts',
    'key to the next heatmap painted',
  ])
  for (const { median, slow, blocked, processor } of rows) {
    expect(median).toBeGreaterThan(0)
    expect(slow).toBeGreaterThanOrEqual(median)
    for (const figure of [blocked, processor]) if (figure !== null) expect(figure).toBeGreaterThanOrEqual(0)
  }
  for (const { reason } of skipped) expect(reason).toMatch(/not built|no Chromium/)
})

import { expect, test } from 'vitest'
import { benchFigures } from '../../../src/hosts/bench/figures.ts'
import { FIGURE_NAMES } from '../../../src/shared/figures.ts'

test('every named figure is timed over the maps that it is about, beside the goal', async () => {
  const rows = await benchFigures(320)
  expect(rows.map(({ figure }) => figure)).toEqual(FIGURE_NAMES)
  expect(rows.find(({ figure }) => figure === 'metrics')?.maps).toBe(320)
  for (const { maps, seconds, goal } of rows) {
    expect(maps).toBeGreaterThan(0)
    expect(seconds).toBeGreaterThan(0)
    expect(goal).toBe(1)
  }
})

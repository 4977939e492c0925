import { expect, it } from 'vitest'
import { benchUi } from '../../src/hosts/bench/ui/bench-ui.ts'

it('measures all that is felt in a real browser, with its bounds', { timeout: 400_000 }, async () => {
  const { rows, storm, skipped } = await benchUi({
    maps: 1600,
    large: 0,
    stormSeconds: 0,
    rounds: 1,
  })
  expect(skipped).toBe('')
  expect(storm).toBeNull()
  expect(rows.map(({ task, bound }) => [task, bound])).toEqual([
    ['key press to the next heatmap painted', 50],
    ['filter change to first rows', 150],
    ['sort change to first rows', 150],
    ['grid by the wheel: longest blank row', 100],
    ['grid by jumps: longest blank row', 100],
    ['grid by its scroll bar: longest blank row', 100],
    ['start on a workspace to the first heatmap', 2000],
    ['first load of the renderer, compressed', 250],
  ])
  for (const { median, slow, bound, met } of rows) {
    expect(slow).toBeGreaterThanOrEqual(median)
    expect(met).toBe(slow <= (bound ?? NaN))
  }
  expect(rows.at(-1)?.met).toBe(true)
})

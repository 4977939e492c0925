import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { float32, int32, values, writeFolder } from '../integration/imports/array-fixture.ts'
import { cutElements } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const ROWS = 32
const COLUMNS = 96
const FEW = [
  'left ventricle with its papillary muscles',
  'septum',
  'right ventricle and outflow tract',
  'Lungenarterienklappenöffnung',
]
const MANY = Array.from({ length: 12 }, (_, index) => `segment ${index + 1} of the left ventricle`)

/** What a region says of itself below the map, and where. */
interface ShownName {
  name: string
  title: string
  isWhole: boolean
  left: number
  right: number
  bottom: number
  barTop: number
}

const SHOWN = `[...document.querySelectorAll('[data-tour="shares"] .item')].map((item) => {
  const mark = item.querySelector('.mark')
  const { left, right, bottom } = item.querySelector('.line').getBoundingClientRect()
  return {
    name: mark.textContent.trim(),
    title: mark.title,
    isWhole: mark.scrollHeight <= mark.clientHeight && mark.scrollWidth <= mark.clientWidth,
    left, right, bottom,
    barTop: item.querySelector('.track').getBoundingClientRect().top,
  }
})`

const LOWEST_NAME = `Math.max(...[...document.querySelectorAll('[data-tour="shares"] .mark')]
  .map((mark) => mark.getBoundingClientRect().bottom))`

const shownNames = (page: Page) => page.evaluate<ShownName[]>(SHOWN)

describe('the names of regions below a map', () => {
  const suite = screenSuite({ sample: false })

  beforeAll(async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    for (const [set, names] of Object.entries({ few: FEW, many: MANY })) {
      const width = COLUMNS / names.length
      const path = writeFolder(join(folder, set), {
        'inputs.npy': float32([1, ROWS, COLUMNS], values(ROWS * COLUMNS)),
        'labels.npy': int32([1], [0]),
        'predictions.npy': int32([1], [0]),
        'maps/ig.npy': float32([1, ROWS, COLUMNS], values(ROWS * COLUMNS, 2)),
        'regions.json': JSON.stringify(
          names.map((name, index) => ({
            ...{ name, mark: index % 2, box: { row: 0, column: index * width, height: ROWS, width } },
          })),
        ),
      })
      const { jobId } = await suite.app.call('imports.start', { path, options: {}, createdBy: 'Ada' })
      await waitForJob(suite.app, jobId)
    }
  })

  it.each(['few', 'many'])('are whole or in a title, one beside the other: %s', async (set) => {
    const draw = { filter: { dataset: [set] }, order: 'sequence', size: 1 }
    const page = await suite.open(`/review?draw=${encodeURIComponent(JSON.stringify(draw))}`)
    await shownMap(page)
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        await page.waitForTimeout(200)
        await screenshot(page, `region-names-${set}-${theme}-${width}`)
      }
      const shown = await shownNames(page)
      expect(shown.map(({ name }) => name)).toEqual(set === 'few' ? FEW : MANY)
      for (const [index, region] of shown.entries()) {
        expect(region.title).toContain(region.name)
        expect(region.isWhole || set === 'many').toBe(true)
        expect(region.right).toBeLessThanOrEqual(shown[index + 1]?.left ?? Infinity)
        expect(region.bottom).toBeLessThanOrEqual(region.barTop)
      }
      expect(new Set(shown.map(({ barTop }) => barTop)).size).toBe(1)
      expect(await cutElements(page)).toEqual([])
    }
    await page.keyboard.press('x')
    const withheld = await page.getByText('Shares are hidden until you have decided').boundingBox()
    const lowest = await page.evaluate<number>(LOWEST_NAME)
    expect(withheld?.y).toBeGreaterThanOrEqual(lowest)
    await screenshot(page, `region-names-${set}-blind`)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { startBreakable, type BreakableApp } from './support/breakable-app.ts'
import { launchBrowser, openTab, screenshot, type Tab } from './support/browser.ts'
import { makeOddWorkspace, ODD_MAPS } from './support/odd-workspace.ts'
import { gridCells } from './support/review-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'heatproof-odd-'))
let app: BreakableApp
let browser: Browser
const tabs: Tab[] = []

beforeAll(async () => {
  const path = join(folder, 'odd.heatproof')
  makeOddWorkspace(path)
  app = await startBreakable(path)
  browser = await launchBrowser()
})

afterAll(async () => {
  const problems = tabs.flatMap((tab) => tab.problems)
  await browser.close()
  await app.kill()
  rmSync(folder, { recursive: true, force: true })
  expect(problems).toEqual([])
})

/** Every map is in a queue of its own sequence. */
async function open(mapId: number, options: Parameters<typeof openTab>[2] = {}): Promise<Page> {
  const draw = JSON.stringify({ filter: { search: `#${mapId}` }, order: 'sequence' })
  const address = app.address(`/review?draw=${encodeURIComponent(draw)}`)
  const tab = await openTab(browser, address, { ...options, expected: /willReadFrequently/ })
  tabs.push(tab)
  await tab.page.locator(`canvas[data-map="${mapId}"]`).waitFor()
  return tab.page
}

/** What the stage says: shares of the items, and the ends of the colour bar with its sentence. */
async function said(page: Page): Promise<string> {
  const stage = page.getByRole('region', { name: 'Heatmap' })
  return (await stage.innerText()).replaceAll(/\s+/g, ' ').replaceAll('−', '-')
}

const COLOURS = `(() => {
  const canvas = document.querySelector('canvas[data-map]')
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  const colours = new Set()
  for (let at = 0; at < pixels.length; at += 4) colours.add(pixels.slice(at, at + 4).join())
  return colours.size
})()`

/** Boxes of the numbers of the shares that lie on each other. */
const OVERLAPPING = `(() => {
  const boxes = [...document.querySelectorAll('.shares .line')].map((line) => {
    const parts = [...line.children].map((part) => part.getBoundingClientRect())
    return { left: Math.min(...parts.map((part) => part.left)), right: Math.max(...parts.map((part) => part.right)) }
  })
  return boxes.filter((box, index) => index > 0 && box.left < boxes[index - 1].right - 1).length
})()`

const EXPECTED: Record<string, { says: RegExp; colours: number }> = {
  'no relevance': { says: /0 % odd 0 % .*0 0 .*all values are 0/, colours: 1 },
  'tiny values': { says: /33\.\d % .*0 7\.51e-31 .*whole range/, colours: 10 },
  'huge values': { says: /-7\.51e\+29 0 7\.51e\+29/, colours: 15 },
  'one pixel above all': { says: /< 0\.1 % odd 100 % .*1\.00e\+30 .*whole range/, colours: 2 },
  'a total of nearly nothing': { says: /0 % .*-1 0 1/, colours: 2 },
  'one item': { says: /majority 100 %/, colours: 10 },
  'eight items': { says: /(1\d\.\d %.*){8}/, colours: 15 },
  'large and square': { says: /65\.\d %/, colours: 200 },
}

describe('odd maps', () => {
  it.each(ODD_MAPS.map(({ title }, index) => [title, index + 1] as const))(
    '%s: picture, shares and scale make sense',
    async (title, mapId) => {
      const page = await open(mapId)
      const { says, colours } = EXPECTED[title] ?? { says: /never/, colours: 0 }
      await expect.poll(() => said(page)).toMatch(says)
      expect(await page.getByText(/NaN|Infinity/).count()).toBe(0)
      expect(await page.evaluate<number>(COLOURS)).toBeGreaterThanOrEqual(colours)
      expect(await page.evaluate<number>(OVERLAPPING)).toBe(0)
      expect(await cutElements(page)).toEqual([])
      await page.keyboard.press('Space')
      await page.keyboard.press('Space')
      expect(await page.evaluate<number>(COLOURS)).toBeGreaterThan(20)
      await page.keyboard.press('Space')
      await screenshot(page, `odd-${title.replaceAll(' ', '-')}-dark`)
    },
  )

  it.each([
    ['eight items', 7, 1280, 800, 'light'],
    ['eight items', 7, 1920, 1080, 'dark'],
    ['large and square', 8, 1920, 1080, 'light'],
  ] as const)('%s (map %i) in %i x %i, %s', async (title, mapId, width, height, colourScheme) => {
    const page = await open(mapId, { width, height, colourScheme })
    await page.waitForTimeout(400)
    expect(await page.evaluate<number>(OVERLAPPING)).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await screenshot(page, `odd-${title.replaceAll(' ', '-')}-${width}-${colourScheme}`)
  })

  it('of all sizes stand whole in one grid', async () => {
    const page = await open(1)
    await page.goto(
      new URL(
        `/review?view=grid&draw=${encodeURIComponent('{"filter":{},"order":"sequence","size":0}')}`,
        page.url(),
      ).href,
    )
    const cells = gridCells(page)
    await expect.poll(() => cells.count()).toBe(ODD_MAPS.length)
    await expect.poll(() => cells.locator('canvas[data-painted]').count()).toBe(ODD_MAPS.length)
    await screenshot(page, 'odd-grid-dark')
  })
})

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { nextMap, paintedPixels, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })

const GI = { filter: { method: ['gi'] }, order: 'random', size: 60, seed: 5 }
const drawing = (request: object) => `/review?draw=${encodeURIComponent(JSON.stringify(request))}`

const stage = (page: Page) => page.getByRole('region', { name: 'Heatmap' })

/** Moves the pointer into a pixel of the heatmap, rows and columns from 0. */
async function pointAt(page: Page, row: number, column: number): Promise<void> {
  const area = await page.locator('canvas[data-map]').boundingBox()
  if (area === null) throw new Error('no heatmap')
  const size = area.height / 28
  await page.mouse.move(area.x + (column + 0.5) * size, area.y + (row + 0.5) * size)
}

/** The value of a pixel, from the engine, to three digits. */
async function valueAt(page: Page, row: number, column: number): Promise<number> {
  const map = await shownMap(page)
  const value = await page.evaluate<number>(
    `fetch('/maps/${map}.f32').then((answer) => answer.arrayBuffer()).then((bytes) => new Float32Array(bytes)[${row * 84 + column}])`,
  )
  return Number(value.toPrecision(3))
}

async function readOut(page: Page): Promise<{ value: number; place: string }> {
  const text = (await stage(page).locator('[data-read-out]').textContent()) ?? ''
  const [value = '', ...place] = text.split(' · ')
  return { value: Number(value.replaceAll('−', '-')), place: place.join(' · ') }
}

describe('the read-out', () => {
  it('tells the value, row, column, item and step under the pointer, also on the next map and zoomed in', async () => {
    const page = await suite.open(drawing(GI))
    const map = await shownMap(page)
    await pointAt(page, 12, 40)
    const first = await readOut(page)
    expect(first.place).toMatch(/^row 12, column 40 · item 2, (odd|majority) · step 6 of 12$/)
    expect(first.value).toBe(await valueAt(page, 12, 40))
    await screenshot(page, 'review-read-out-dark')
    await page.keyboard.press('ArrowRight')
    await nextMap(page, map)
    expect((await readOut(page)).value).toBe(await valueAt(page, 12, 40))
    await page.mouse.wheel(0, -400)
    await expect.poll(() => page.getByTitle('Fit to the window').textContent()).not.toBe('100 %')
    expect((await readOut(page)).place).toMatch(/^row 12, column 40 /)
  })

  it('leaves with the pointer', async () => {
    const page = await suite.open(drawing(GI))
    await shownMap(page)
    await pointAt(page, 3, 3)
    await stage(page).locator('[data-read-out]').waitFor()
    await page.mouse.move(5, 5)
    await stage(page).locator('[data-read-out]').waitFor({ state: 'detached' })
  })
})

describe('the shared scale', () => {
  const upperEnd = (page: Page) => stage(page).locator('.ticks span').last().textContent()

  it('is one for all maps of a method in the queue, where each has its own before', async () => {
    const page = await suite.open(drawing(GI))
    const map = await shownMap(page)
    const own = [await upperEnd(page)]
    const colours = await paintedPixels(page)
    await page.keyboard.press('Shift+s')
    await stage(page).getByText('scale of 60 maps of the method').waitFor()
    const shared = await upperEnd(page)
    expect(await paintedPixels(page)).not.toBe(colours)
    await screenshot(page, 'review-shared-scale-dark')
    await page.keyboard.press('ArrowRight')
    await nextMap(page, map)
    expect(await upperEnd(page)).toBe(shared)
    await page.keyboard.press('Shift+s')
    own.push(await upperEnd(page))
    expect(new Set([...own, shared]).size).toBe(3)
  })

  it('is not taken while the method is hidden, which it would tell', async () => {
    const page = await suite.open(drawing(GI))
    await shownMap(page)
    const own = await upperEnd(page)
    await page.keyboard.press('x')
    await page.keyboard.press('Shift+s')
    await stage(page)
      .getByText(/^Relevance · /)
      .waitFor()
    expect(await upperEnd(page)).toBe(own)
  })
})

describe('the tools', () => {
  it('stand side by side on a small window, with the opacity of the overlay', async () => {
    const page = await suite.open('/review')
    await shownMap(page)
    await page.keyboard.press('Space')
    await page.getByRole('slider', { name: 'Opacity' }).waitFor()
    const tools = page
      .getByRole('toolbar', { name: 'View' })
      .locator('fieldset, button, select, [type="range"]')
    const boxes = await Promise.all((await tools.all()).map((tool) => tool.boundingBox()))
    const edges = boxes.flatMap((box) => (box === null ? [] : [[box.x, box.x + box.width] as const]))
    expect(edges.length).toBeGreaterThan(6)
    edges.slice(1).forEach(([start], index) => {
      expect(start).toBeGreaterThanOrEqual(edges[index]?.[1] ?? 0)
    })
  })

  it('give the keys back after a choice with the mouse, and keep them while the keyboard chooses', async () => {
    const page = await suite.open('/review')
    const map = await shownMap(page)
    const clip = page.getByLabel('Clip')
    await clip.click()
    await clip.selectOption({ label: 'No clip' })
    await page.keyboard.press('a')
    await nextMap(page, map)
    await clip.focus()
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT')
  })
})

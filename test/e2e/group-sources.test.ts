import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { ANALYSED, MAPS, writeAnalysedProject } from './support/analysed-project.ts'
import { screenshot } from './support/browser.ts'
import { parameter } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: false })
const QUEUE = { filter: {}, order: 'random', size: 0, repeatShare: 0 }
const GROUPS = `/review?view=groups&draw=${encodeURIComponent(JSON.stringify(QUEUE))}`

const cards = (page: Page) => page.getByRole('list', { name: 'Groups' }).getByRole('link')
const similarBy = (page: Page) => page.getByRole('combobox', { name: 'Similar by' })
const CLUSTERS = 'Clusters: kmeans-3'
const EMBEDDING = 'Embedding: tsne'

const SIZES = [
  ['light', 1280, 800],
  ['light', 1920, 1080],
  ['dark', 1920, 1080],
] as const

const picture = (page: Page) =>
  page.getByRole('img', { name: `${ANALYSED} maps at their places in Spectral · tsne` })

/** Where on a chart something colourful is drawn; null: nowhere. */
async function colouredPixel(chart: Locator): Promise<{ x: number; y: number } | null> {
  const image = await loadImage(await chart.screenshot())
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * pixel, 4 * pixel + 3)
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 90)
      return { x: pixel % width, y: Math.floor(pixel / width) + 2 }
  }
  return null
}

beforeAll(async () => {
  const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
  await writeAnalysedProject(join(folder, 'project'))
  const request = { path: join(folder, 'project'), options: {}, createdBy: 'Ada' }
  await suite.app.call('imports.start', request)
  await vi.waitUntil(async () => (await suite.app.call('imports.list', {})).length === 1, 20_000)
})

describe('groups by an imported analysis', () => {
  it('are its clusters, and a verdict on one says so', async () => {
    const page = await suite.open(GROUPS)
    await cards(page).first().waitFor()
    await page.getByText(`${MAPS} maps in`).waitFor()
    await similarBy(page).selectOption({ label: CLUSTERS })
    await page.getByText(`${ANALYSED} maps in 3 clusters of Spectral · kmeans-3`).waitFor()
    await page.getByText(`${MAPS - ANALYSED} maps of which it says nothing are in no group`).waitFor()
    expect(await page.getByRole('combobox', { name: 'Groups' }).count()).toBe(0)
    expect((await cards(page).allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(
      expect.arrayContaining(['Cluster 0', 'Cluster 1', 'Cluster 2']),
    )
    await screenshot(page, 'group-clusters-dark')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await cards(page).filter({ hasText: 'Cluster 1' }).press('Enter')
    await page.getByText('Looked at 12; the verdict goes to 20 maps.').waitFor()
    await page.keyboard.press('a')
    await page.getByText('20 maps: accept').waitFor()
    await page.reload()
    await expect
      .poll(() => cards(page).filter({ hasText: 'Cluster 1' }).textContent())
      .toContain('20 of 20 decided')
    const queueId = parameter(page, 'queue')
    const request = { queueId, analysisId: parameter(page, 'by'), reviewer: 'Ada' }
    const { groups } = await suite.app.call('groups.form', request)
    const index = groups.findIndex(({ name }) => name === '1')
    const [item] = await suite.app.call('groups.items', { ...request, index, limit: 1 })
    const other = await suite.open(`/review?queue=${queueId}&map=${item?.mapId ?? 0}`)
    await other.getByText(/after a look at 12, similar by Spectral · kmeans-3/).waitFor()
    await page.keyboard.press('z')
    await page.getByText(/^Undone/).waitFor()
  })

  it('are drawn at the places of their maps, and a point opens its group', async () => {
    const page = await suite.open(`${GROUPS}&by=1`)
    await page.getByText(`${ANALYSED} maps, in the first two dimensions of Spectral · tsne`).waitFor()
    await expect.poll(() => colouredPixel(picture(page))).not.toBe(null)
    await screenshot(page, 'group-places-dark')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    const position = await colouredPixel(picture(page))
    if (position === null) throw new Error('no point')
    await picture(page).click({ position })
    await page.getByText(/^Looked at \d+/).waitFor()
    expect(parameter(page, 'group')).toBeGreaterThanOrEqual(0)
    await page.keyboard.press('Escape')
    for (const [scheme, width, height] of SIZES) {
      const other = await suite.open(`${GROUPS}&by=1`, { colourScheme: scheme, width, height })
      await other.getByText(`${ANALYSED} maps, in the first two dimensions`).waitFor()
      await expect.poll(() => colouredPixel(picture(other))).not.toBe(null)
      await screenshot(other, `group-places-${scheme}-${width}`)
      expect(await cutElements(other)).toEqual([])
    }
  })

  it('are formed in its embedding, into as many as are asked for', async () => {
    const page = await suite.open(`${GROUPS}&groups=4`, { colourScheme: 'light' })
    await cards(page).first().waitFor()
    await similarBy(page).selectOption({ label: EMBEDDING })
    await page
      .getByText(`${ANALYSED} maps in 4 groups of near ones in Spectral · tsne, 2-D, seed 0`)
      .waitFor()
    expect(await cards(page).count()).toBe(4)
    await screenshot(page, 'group-embedding-light')
    await page.getByRole('button', { name: 'Another seed' }).click()
    await page.getByText('2-D, seed 1').waitFor()
    await similarBy(page).selectOption('')
    await page.getByText(`${MAPS} maps in 4 groups of similar ones`).waitFor()
  })
})

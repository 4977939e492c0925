import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type RunningApp } from './support/app.ts'
import { launchBrowser, openTab, screenshot, type Tab } from './support/browser.ts'
import { nextMap, parameter, shownMap } from './support/review-page.ts'
import { openSample } from './support/sample.ts'

let app: RunningApp
let browser: Browser
const tabs: Tab[] = []

async function open(path: string, options: Parameters<typeof openTab>[2] = {}): Promise<Page> {
  const tab = await openTab(browser, app.address(path), options)
  tabs.push(tab)
  return tab.page
}

beforeAll(async () => {
  app = await startApp()
  browser = await launchBrowser()
  await openSample(app)
})

afterEach(async () => {
  const problems = tabs.flatMap((tab) => tab.problems)
  for (const tab of tabs.splice(0)) await tab.close()
  expect(problems).toEqual([])
})

afterAll(async () => {
  await browser.close()
  await app.remove()
})

const drawing = (request: object) => `/review?draw=${encodeURIComponent(JSON.stringify(request))}`
const itemsOf = (queueId: number, reviewer: string) =>
  app.call('review.items', { queueId, reviewer, offset: 0, limit: 1000 })

/** The reviewer decides on the first maps of a random queue. */
async function decideSome(reviewer: string, count: number): Promise<number[]> {
  const queue = await app.call('review.createQueue', { filter: {}, order: 'random', size: count, reviewer })
  const mapIds = (await itemsOf(queue.id, reviewer)).map(({ mapId }) => mapId)
  const verdict = { reviewer, verdict: 'accept' as const, queueId: queue.id }
  await app.call('review.decide', { ...verdict, mapIds })
  return mapIds
}

describe('queues', () => {
  it('offer the maps on which methods differ, group by group, and a stratified sample', async () => {
    const page = await open(drawing({ filter: {}, order: 'worst_first', randomShare: 0 }))
    const map = await shownMap(page)
    await page.getByLabel('Order').selectOption('Methods disagree')
    await nextMap(page, map)
    const [first, second] = await itemsOf(parameter(page, 'queue'), 'Ada')
    expect([second?.sampleId, second?.modelId]).toEqual([first?.sampleId, first?.modelId])
    await page.getByLabel('Order').selectOption('Stratified sample')
    await page.getByLabel('Each').selectOption({ index: 0 })
    await page.getByText('90 of 3,600 maps').waitFor()
    await screenshot(page, 'review-stratified-dark')
    const items = await itemsOf(parameter(page, 'queue'), 'Ada')
    const strata = Map.groupBy(items, ({ modelId, method }) => `${modelId} ${method}`)
    expect([...strata.values()].map((stratum) => stratum.length)).toEqual(new Array(18).fill(5))
  })

  it('repeat own decisions without showing them, and say at the end how often they were the same', async () => {
    await app.call('workspace.setReviewer', { name: 'Ada' })
    const decided = await decideSome('Ada', 30)
    const page = await open(
      drawing({ filter: { verdict: ['none'] }, size: 10, repeatShare: 0.2, order: 'random' }),
    )
    let map = await shownMap(page)
    const items = await itemsOf(parameter(page, 'queue'), 'Ada')
    const repeats = items.filter(({ mapId }) => decided.includes(mapId))
    expect(repeats).toHaveLength(2)
    expect(items.map(({ verdict }) => verdict)).toEqual(items.map(() => null))
    const [repeated] = repeats
    for (const item of items) {
      if (item.mapId === repeated?.mapId) {
        expect(await page.getByRole('region', { name: 'History of verdicts' }).innerText()).not.toContain(
          'Ada',
        )
      }
      await page.keyboard.press(item.mapId === repeated?.mapId ? 'u' : 'a')
      if (item.position < items.length - 1) map = await nextMap(page, map)
    }
    await page.getByText('2 maps you had decided before; your verdict was the same on 1.').waitFor()
  })

  it('of maps that nobody has reviewed come from the palette', async () => {
    const decided = await decideSome('Ada', 30)
    const page = await open(drawing({ filter: {}, size: 0, repeatShare: 0 }))
    await shownMap(page)
    const whole = parameter(page, 'queue')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('nobody has reviewed')
    await page.keyboard.press('Enter')
    await expect.poll(() => parameter(page, 'queue')).not.toBe(whole)
    const { matching, request } = await app.call('review.queue', { id: parameter(page, 'queue') })
    expect(request.filter).toEqual({ verdict: ['none'] })
    expect(matching).toBeLessThanOrEqual(3600 - decided.length)
  })

  it('hide known answers until they are given, and blind verdicts say so', async () => {
    await app.call('workspace.setReviewer', { name: 'Bob' })
    const page = await open(
      drawing({ filter: { verdict: ['none'] }, size: 10, randomShare: 0, repeatShare: 0 }),
    )
    await shownMap(page)
    const before = parameter(page, 'queue')
    await page.getByRole('combobox', { name: 'Known' }).selectOption('10 % by Ada')
    await expect.poll(() => parameter(page, 'queue')).not.toBe(before)
    await shownMap(page)
    const items = await itemsOf(parameter(page, 'queue'), 'Bob')
    const histories = await Promise.all(
      items.map(async ({ mapId }) => (await app.call('review.item', { mapId })).history.length),
    )
    const place = histories.findIndex((length) => length > 0)
    expect(histories.filter((length) => length > 0)).toHaveLength(1)
    for (let step = 0; step < place; step += 1) await page.keyboard.press('ArrowRight')
    await expect.poll(() => parameter(page, 'map')).toBe(items[place]?.mapId)
    const history = page.getByRole('region', { name: 'History of verdicts' })
    expect(await history.innerText()).not.toContain('Ada')
    await page.keyboard.press('x')
    await page.keyboard.press('a')
    await expect
      .poll(async () => (await app.call('review.item', { mapId: items[place]?.mapId ?? 0 })).history.at(-1))
      .toMatchObject({ reviewer: 'Bob', blind: true, position: place })
    await page.keyboard.press('ArrowLeft')
    await history.getByText('Ada').waitFor()
  })
})

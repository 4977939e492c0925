import Database from 'better-sqlite3'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type RunningApp } from './support/app.ts'
import { launchBrowser, openTab, screenshot, type Tab } from './support/browser.ts'
import { gridCells, nextMap, paintedPixels, parameter, position, shownMap } from './support/review-page.ts'
import { openSample } from './support/sample.ts'

/** Requests to store a verdict go out, but their answers wait for `window.release()`. */
const HOLD_ANSWERS = `
  {
    const send = window.fetch
    const released = new Promise((resolve) => (window.release = resolve))
    window.fetch = async (address, options) => {
      const answer = await send(address, options)
      if (String(address).endsWith('/rpc/review.decide')) await released
      return answer
    }
  }
`

/** Requests to store a verdict fail as on a cut connection, but for one that the first click sends at once. */
const CONNECTED_FOR_A_CLICK = `
  {
    const send = window.fetch
    const cut = (address, options) =>
      String(address).endsWith('/rpc/review.decide')
        ? Promise.reject(new TypeError('Failed to fetch'))
        : send(address, options)
    const connect = () => {
      window.fetch = send
      setTimeout(() => (window.fetch = cut))
    }
    window.fetch = cut
    window.addEventListener('click', connect, { capture: true, once: true })
  }
`

/** Requests to store a verdict name a queue that the workspace does not have, and are counted, until `window.mend()`. */
const SPOIL_VERDICTS = `
  {
    const send = window.fetch
    window.attempts = 0
    window.mend = () => (window.fetch = send)
    window.fetch = (address, options) => {
      if (!String(address).endsWith('/rpc/review.decide')) return send(address, options)
      window.attempts++
      return send(address, { ...options, body: JSON.stringify({ ...JSON.parse(options.body), queueId: 999999 }) })
    }
  }
`

/** Parts of the frame that are wider inside than outside. */
const OVERFLOWING = `
  [...document.querySelectorAll('body, header, aside, main, [role="toolbar"]')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.tagName + ' ' + (element.getAttribute('aria-label') ?? ''))
`

let app: RunningApp
let browser: Browser
const tabs: Tab[] = []

async function open(path = '/review', options: Parameters<typeof openTab>[2] = {}): Promise<Tab> {
  const tab = await openTab(browser, app.address(path), options)
  tabs.push(tab)
  return tab
}

beforeAll(async () => {
  app = await startApp()
  browser = await launchBrowser()
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

/** Address that draws a new queue. */
const drawing = (request: object) => `/review?draw=${encodeURIComponent(JSON.stringify(request))}`

const latest = async (mapId: number) => (await app.call('review.item', { mapId })).history.at(-1)

describe('an empty workspace', () => {
  it('says what Review is for and offers the sample, whose heatmaps follow', async () => {
    const { page } = await open('/review', { colourScheme: 'light' })
    await page.getByText('Nothing to review yet').waitFor()
    await screenshot(page, 'review-empty-light')
    await page.getByRole('button', { name: 'Open the sample' }).click()
    await shownMap(page)
  })
})

describe('with the sample', () => {
  beforeAll(async () => {
    await openSample(app)
  })

  it('accepts, fails and is unsure by keys, and goes on each time', async () => {
    const { page } = await open()
    const first = await shownMap(page)
    await page.keyboard.press('a')
    const second = await nextMap(page, first)
    await page.keyboard.press('1')
    const third = await nextMap(page, second)
    await page.keyboard.press('u')
    await nextMap(page, third)
    expect(await latest(first)).toMatchObject({ verdict: 'accept', modes: [], reviewer: 'Ada' })
    expect(await latest(second)).toMatchObject({ verdict: 'fail', modes: ['single_item_dominance'] })
    expect(await latest(third)).toMatchObject({ verdict: 'unsure' })
    const row = await latest(first)
    expect(row?.queueId).toBe(parameter(page, 'queue'))
    expect(row?.probability).toBeGreaterThan(0)
  })

  it('adds modes with Shift, a note and a box, and stores them together', async () => {
    const { page } = await open()
    const map = await shownMap(page)
    await page.keyboard.press('Shift+3')
    await page.keyboard.press('n')
    await page.keyboard.type('only the last step, see the box')
    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    const area = await page.locator('canvas[data-map]').boundingBox()
    if (area === null) throw new Error('no heatmap')
    await page.mouse.move(area.x + area.width * 0.51, area.y + area.height * 0.26)
    await page.mouse.down()
    await page.mouse.move(area.x + area.width * 0.74, area.y + area.height * 0.74, { steps: 4 })
    await page.mouse.up()
    await screenshot(page, 'review-draft-dark')
    await page.keyboard.press('1')
    await nextMap(page, map)
    expect(await latest(map)).toMatchObject({
      verdict: 'fail',
      modes: ['recency_bias', 'single_item_dominance'],
      note: 'only the last step, see the box',
      box: { row: 7, column: 42, width: 21, height: 14 },
    })
  })

  it('asks for the modes after F, and for a note with “other”', async () => {
    const { page } = await open()
    const map = await shownMap(page)
    await page.keyboard.press('f')
    await page.keyboard.press('4')
    await page.keyboard.press('6')
    expect(await shownMap(page)).toBe(map)
    await page.keyboard.press('Enter')
    const next = await nextMap(page, map)
    expect(await latest(map)).toMatchObject({ verdict: 'fail', modes: ['background_leak', 'diffuse'] })
    await page.keyboard.press('9')
    await page.keyboard.type('a smear')
    await page.keyboard.press('Control+Enter')
    await nextMap(page, next)
    expect(await latest(next)).toMatchObject({ modes: ['other'], note: 'a smear' })
  })

  it('shows the next map only when the verdict is stored', async () => {
    const { page } = await open()
    const map = await shownMap(page)
    await page.evaluate(HOLD_ANSWERS)
    await page.keyboard.press('a')
    await page.waitForTimeout(300)
    expect(await shownMap(page)).toBe(map)
    await page.evaluate('window.release()')
    await nextMap(page, map)
  })

  it('keeps a verdict that could not be saved in sight, and saves it when the reviewer tries again', async () => {
    const { page } = await open()
    const map = await shownMap(page)
    await page.evaluate(CONNECTED_FOR_A_CLICK)
    await page.keyboard.press('u')
    await page.getByText('The verdict is not saved yet.').waitFor()
    expect(await shownMap(page)).toBe(map)
    await screenshot(page, 'review-not-saved-dark')
    await page.getByRole('button', { name: 'Try now' }).click()
    await nextMap(page, map)
    expect(await latest(map)).toMatchObject({ verdict: 'unsure' })
  })

  it('does not repeat a verdict that the engine refused, and says why', async () => {
    const { page } = await open('/review', { expected: /404/ })
    const map = await shownMap(page)
    await page.evaluate(SPOIL_VERDICTS)
    await page.keyboard.press('u')
    await page.getByText('The verdict was refused and is not saved.').waitFor()
    await page.getByText('no queue 999999').waitFor()
    await page.waitForTimeout(2500)
    expect(await page.evaluate<number>('window.attempts')).toBe(1)
    expect(await shownMap(page)).toBe(map)
    await page.evaluate('void window.mend()')
    await page.getByRole('button', { name: 'Try again' }).click()
    await nextMap(page, map)
    expect(await latest(map)).toMatchObject({ verdict: 'unsure' })
  })

  it('takes the last decision back and puts it again', async () => {
    const { page } = await open()
    const map = await shownMap(page)
    await page.keyboard.press('2')
    const next = await nextMap(page, map)
    await page.keyboard.press('z')
    expect(await nextMap(page, next)).toBe(map)
    expect((await latest(map))?.verdict).toBe('withdrawn')
    await page.keyboard.press('Shift+Z')
    await expect.poll(async () => (await latest(map))?.verdict).toBe('fail')
  })

  it('moves, and shows input, heatmap and overlay', async () => {
    const { page } = await open()
    await shownMap(page)
    await page.keyboard.press('Home')
    await expect.poll(() => position(page)).toBe(1)
    await page.waitForTimeout(300)
    const first = await shownMap(page)
    await page.keyboard.press('ArrowRight')
    const second = await nextMap(page, first)
    await page.keyboard.press('ArrowLeft')
    expect(await nextMap(page, second)).toBe(first)
    const heatmap = await paintedPixels(page)
    await page.keyboard.press('Space')
    const overlay = await paintedPixels(page)
    await page.keyboard.press('Space')
    const input = await paintedPixels(page)
    expect(new Set([heatmap, overlay, input]).size).toBe(3)
    await page.keyboard.press('Space')
    await page.keyboard.down('h')
    expect(await paintedPixels(page)).toBe(input)
    await page.keyboard.up('h')
    expect(await paintedPixels(page)).toBe(heatmap)
  })

  it('lands on the same picture after a reload, a copied link, back and forward', async () => {
    const { page } = await open()
    await shownMap(page)
    const first = await shownMap(page)
    await page.keyboard.press('End')
    const last = await nextMap(page, first)
    await page.keyboard.press('ArrowLeft')
    await nextMap(page, last)
    const map = await shownMap(page)
    const address = page.url()
    expect(parameter(page, 'map')).toBe(map)
    await page.reload()
    expect(await shownMap(page)).toBe(map)
    const copied = await open(new URL(address).pathname + new URL(address).search)
    expect(await shownMap(copied.page)).toBe(map)
    await page.getByRole('link', { name: 'Runs' }).click()
    await page.goBack()
    expect(await shownMap(page)).toBe(map)
    await page.goForward()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/runs')
  })

  it('narrows the queue down by facets and orders it by the metric', async () => {
    const { page } = await open()
    await shownMap(page)
    const everything = parameter(page, 'queue')
    const method = page.getByRole('region', { name: 'Method', exact: true })
    await method.getByRole('checkbox').first().check()
    await page.getByText('Clear 1 filter').waitFor()
    await expect.poll(() => parameter(page, 'queue')).not.toBe(everything)
    const queueId = parameter(page, 'queue')
    const { request, matching } = await app.call('review.queue', { id: queueId })
    expect(request.filter.method).toHaveLength(1)
    const items = await app.call('review.items', { queueId, reviewer: 'Ada', offset: 0, limit: 200 })
    expect(new Set(items.map((item) => item.method))).toEqual(new Set(request.filter.method))
    await expect
      .poll(() => page.getByText(`of ${matching.toLocaleString('en-US')} maps`).isVisible())
      .toBe(true)
    await page.getByLabel('Order').selectOption({ label: 'By sequence' })
    await expect.poll(() => parameter(page, 'queue')).not.toBe(queueId)
    await page.goBack()
    await expect.poll(() => parameter(page, 'queue')).toBe(queueId)
  })

  it('says that no map matches, and shows all again', async () => {
    const impossible = { filter: { ranges: [{ metric: 'cosine', low: 0.123456, high: 0.1234561 }] } }
    const { page } = await open(drawing(impossible))
    await page.getByText('No map matches these filters').waitFor()
    await screenshot(page, 'review-no-match-dark')
    const empty = { queueId: parameter(page, 'queue'), reviewer: 'Ada', offset: 0, limit: 10 }
    expect(await app.call('review.items', empty)).toEqual([])
    await page.getByRole('button', { name: 'Show all maps' }).click()
    await shownMap(page)
  })

  it('decides many maps in the grid at once, and takes them back with one undo', async () => {
    const { page } = await open(drawing({ order: 'best_first', filter: { verdict: ['none'] } }))
    await shownMap(page)
    await page.keyboard.press('g')
    const cells = gridCells(page)
    await cells.nth(1).click()
    await cells.nth(8).click({ modifiers: ['Shift'] })
    await page.getByText('8 maps selected').waitFor()
    await screenshot(page, 'review-grid-dark')
    const before = (await app.call('workspace.summary', {})).counts.verdicts
    await page.keyboard.press('a')
    await page.getByText('8 maps: accept').waitFor()
    const queueId = parameter(page, 'queue')
    const verdicts = async () => {
      const items = await app.call('review.items', { queueId, reviewer: 'Ada', offset: 0, limit: 12 })
      return items.map((item) => item.verdict)
    }
    expect(await verdicts()).toEqual([null, ...Array<string>(8).fill('accept'), null, null, null])
    expect((await app.call('workspace.summary', {})).counts.verdicts).toBe(before + 8)
    await page.keyboard.press('z')
    await expect.poll(verdicts).toEqual(Array<null>(12).fill(null))
  })

  it('stays where it is when maps are selected, so that a double click meets one map', async () => {
    const { page } = await open(drawing({ size: 0 }))
    const map = await shownMap(page)
    await page.keyboard.press('a')
    await nextMap(page, map)
    await page.keyboard.press('g')
    const cell = gridCells(page).nth(3)
    await cell.waitFor()
    const before = await cell.boundingBox()
    await page.keyboard.press('Control+a')
    await page.getByText(/^3,600 maps selected, \d+ decided$/).waitFor()
    await screenshot(page, 'review-grid-all-dark')
    expect(await cell.boundingBox()).toEqual(before)
    const clear = page.getByRole('button', { name: 'Clear', exact: true })
    const { x = 0, width = 0 } = (await clear.boundingBox()) ?? {}
    expect(x + width).toBeLessThan(1280)
  })

  it('draws only the thumbnails in sight, at the end of a long queue too', async () => {
    const { page } = await open(drawing({ size: 0, order: 'sequence' }))
    await shownMap(page)
    await page.keyboard.press('g')
    await gridCells(page).first().waitFor()
    expect(await gridCells(page).count()).toBeLessThan(120)
    await page.getByRole('listbox', { name: 'Maps' }).press('Control+End')
    const length = (await app.call('review.queue', { id: parameter(page, 'queue') })).length
    await page.getByRole('option', { name: new RegExp(`^Map ${length}( |$)`) }).waitFor()
    expect(await gridCells(page).count()).toBeLessThan(120)
  })

  it('hides what could bias until one has decided', async () => {
    const { page } = await open(drawing({ filter: { verdict: ['none'] } }))
    const map = await shownMap(page)
    const { model } = await app.call('review.item', { mapId: map })
    const details = page.getByRole('complementary', { name: 'Verdict and details' })
    await expect.poll(() => details.getByText(model.label).first().isVisible()).toBe(true)
    await page.keyboard.press('x')
    await expect.poll(() => details.getByText(model.label).count()).toBe(0)
    expect(await details.getByText('Hidden until you have decided').count()).toBe(2)
    await page.keyboard.press('a')
    await nextMap(page, map)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => details.getByText(model.label).first().isVisible()).toBe(true)
    await page.keyboard.press('x')
  })

  it('finds every action in the palette and lists the keys', async () => {
    const { page } = await open()
    await shownMap(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('settings')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/settings')
    await page.goBack()
    await shownMap(page)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Accept and next').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await screenshot(page, 'palette-dark')
  })

  it.each([
    [1280, 800, 'dark'],
    [1280, 800, 'light'],
    [1920, 1080, 'dark'],
    [1920, 1080, 'light'],
  ] as const)('fits into %i x %i, %s', async (width, height, colourScheme) => {
    const { page } = await open(drawing({ filter: {} }), { width, height, colourScheme })
    await shownMap(page)
    await page.waitForTimeout(600)
    await screenshot(page, `review-${width}-${colourScheme}`)
    const overflow = await page.evaluate<string[]>(OVERFLOWING)
    expect(overflow).toEqual([])
  })

  it('decides a whole queue without loading its rows, and takes that back with one undo', async () => {
    const { page } = await open(drawing({ size: 0 }))
    await shownMap(page)
    const asked = { queueId: parameter(page, 'queue'), reviewer: 'Ada' }
    const { decided } = await app.call('review.decided', asked)
    let loads = 0
    await page.route('**/rpc/review.items', (route) => {
      loads += 1
      return route.continue()
    })
    await page.keyboard.press('g')
    await gridCells(page).nth(3).waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('u')
    await page.getByText('3,600 maps: unsure').waitFor()
    expect(await app.call('review.decided', asked)).toEqual({ decided: 3600 })
    await gridCells(page).nth(3).getByText('unsure').waitFor()
    await page.keyboard.press('z')
    await page.getByText('Undone: 3,600 maps').waitFor()
    expect(await app.call('review.decided', asked)).toEqual({ decided })
    expect(loads).toBeLessThan(8)
  })

  it('stays in shape with long names', async () => {
    const name = 'Maximiliana Konstantinopolitanskaya-Featherstonehaugh de la Vega y Santos'
    await app.call('workspace.setReviewer', { name })
    const { page } = await open()
    const map = await shownMap(page)
    await page.keyboard.press('a')
    await nextMap(page, map)
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('region', { name: 'History of verdicts' }).getByTitle(name).first().waitFor()
    await screenshot(page, 'review-long-names-dark')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(1280)
  })

  it('leaves every verdict in the workspace file', async () => {
    const queue = await app.call('review.createQueue', {
      filter: { verdict: ['fail'] },
      order: 'sequence',
      size: 0,
    })
    const items = await app.call('review.items', { queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 50 })
    const histories = await Promise.all(items.map(({ mapId }) => app.call('review.item', { mapId })))
    const rows = histories.flatMap(({ history }) => history)
    expect(rows.length).toBeGreaterThan(4)
    await app.stop()
    const database = new Database(app.workspace, { readonly: true })
    const stored = database.prepare('SELECT map_id, reviewer, verdict, note FROM verdicts WHERE id = ?')
    for (const row of rows) {
      const { mapId, reviewer, verdict, note } = row
      expect(stored.get(row.id)).toEqual({ map_id: mapId, reviewer, verdict, note })
    }
    database.close()
  })
})

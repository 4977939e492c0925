import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { parameter, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })
const QUEUE = { filter: { method: ['dtd'], verdict: ['none'] }, order: 'random', size: 150, repeatShare: 0 }
const GROUPS = `/review?view=groups&draw=${encodeURIComponent(JSON.stringify(QUEUE))}`

const cards = (page: Page) => page.getByRole('list', { name: 'Groups' }).getByRole('link')
const drawn = (page: Page) => page.getByRole('listbox', { name: 'Maps drawn at random' }).getByRole('option')

async function openGroups(): Promise<Page> {
  const page = await suite.open(GROUPS)
  await cards(page).first().waitFor()
  return page
}

const verdicts = async () => (await suite.app.call('workspace.summary', {})).counts.verdicts

describe('groups of similar maps', () => {
  it('are shown with mean map and size, from Review by a key, and the address keeps them', async () => {
    const page = await suite.open(`/review?draw=${encodeURIComponent(JSON.stringify(QUEUE))}`)
    await shownMap(page)
    await page.keyboard.press('Shift+G')
    await cards(page).first().waitFor()
    const grouping = await suite.app.call('groups.form', {
      ...{ queueId: parameter(page, 'queue'), groups: null, seed: 0, reviewer: 'Ada' },
    })
    expect(await cards(page).count()).toBe(grouping.groups.length)
    expect(grouping.maps).toBe(150)
    for (const [index, { size }] of grouping.groups.entries())
      expect(await cards(page).nth(index).textContent()).toContain(`${size} maps`)
    await screenshot(page, 'groups-dark')
    await page.getByRole('combobox', { name: 'Groups' }).selectOption('4')
    await expect.poll(() => cards(page).count()).toBe(4)
    await page.reload()
    await expect.poll(() => cards(page).count()).toBe(4)
    await page.keyboard.press('Shift+G')
    await shownMap(page)
  })

  it('take a verdict by keys alone once a few of their maps were looked at, and one undo takes it back', async () => {
    const page = await openGroups()
    const queueId = parameter(page, 'queue')
    const before = await verdicts()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(() => drawn(page).count()).toBe(12)
    const { groups } = await suite.app.call('groups.form', {
      queueId,
      groups: null,
      seed: 0,
      reviewer: 'Ada',
    })
    const size = groups[1]?.size ?? 0
    expect(parameter(page, 'group')).toBe(1)
    await page.getByText(`Looked at 12; the verdict goes to ${size} maps.`).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('o')
    await page.getByText(`Looked at 12; the verdict goes to ${size - 1} maps.`).waitFor()
    const out = await suite.app.call('groups.items', {
      ...{ queueId, groups: null, seed: 0, reviewer: 'Ada', index: 1, offset: 1, limit: 1 },
    })
    await screenshot(page, 'group-dark')
    await page.keyboard.press('1')
    await page.getByText(`${size - 1} maps: fail`).waitFor()
    await cards(page).first().waitFor()
    expect(await verdicts()).toBe(before + size - 1)
    await expect.poll(() => cards(page).nth(1).textContent()).toContain(`${size - 1} of ${size} decided`)
    const { history } = await suite.app.call('review.item', { mapId: out[0]?.mapId ?? 0 })
    expect(history).toEqual([])
    await page.keyboard.press('z')
    await page.getByText(`Undone: ${size - 1} maps`).waitFor()
    await expect.poll(() => cards(page).nth(1).textContent()).toContain(`None of ${size} decided`)
  })

  it('say in the history of a map that the verdict went to its group', async () => {
    const page = await openGroups()
    const queueId = parameter(page, 'queue')
    const items = await suite.app.call('groups.items', {
      ...{ queueId, groups: null, seed: 0, reviewer: 'Ada', index: 0, limit: 30 },
    })
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.getByText(/^Looked at 12/).waitFor()
    await page.keyboard.press('a')
    await page.getByText(/maps: accept/).waitFor()
    const other = await suite.open(`/review?queue=${queueId}&map=${items.at(-1)?.mapId ?? 0}`)
    await other.getByText(/given to a group of \d+ after a look at 12/).waitFor()
    await page.keyboard.press('z')
    await page.getByText(/^Undone/).waitFor()
  })

  it('take no verdict before their maps were on screen', async () => {
    const page = await openGroups()
    await page.setViewportSize({ width: 1280, height: 400 })
    const before = await verdicts()
    await cards(page).first().press('Enter')
    await drawn(page).nth(11).waitFor()
    await page.getByText(/look at all of them, then decide/).waitFor()
    await page.waitForTimeout(1000)
    expect(await page.getByRole('button', { name: /^Accept/ }).isDisabled()).toBe(true)
    await page.keyboard.press('a')
    await page.getByText(/^Look at the \d+ maps? first/).waitFor()
    expect(await verdicts()).toBe(before)
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('ArrowRight')
      await page.waitForTimeout(400)
    }
    await page.getByText(/^Looked at 12/).waitFor()
    await page.keyboard.press('m')
    await drawn(page).nth(12).waitFor()
    await page.getByText(/look at all of them, then decide/).waitFor()
    await page.keyboard.press('Escape')
    await cards(page).first().waitFor()
  })

  it('can be formed of all maps that match, and of another seed', async () => {
    const page = await openGroups()
    const first = parameter(page, 'queue')
    await page.getByRole('button', { name: /^Group all [\d,]+ that match/ }).click()
    await expect.poll(() => parameter(page, 'queue')).not.toBe(first)
    const { length, matching } = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(length).toBe(matching)
    await page.getByText(`${length} maps in`).waitFor()
    await page.getByRole('button', { name: 'Another seed' }).click()
    await page.getByText('of similar ones, seed 1').waitFor()
    expect(parameter(page, 'seed')).toBe(1)
    await cards(page).first().waitFor()
  })
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import type { Role } from '../../src/shared/contract/reviewers.ts'
import { fillWorkspace } from '../../src/hosts/bench/generated-workspace.ts'
import { startApp, type RunningApp } from './support/app.ts'
import { launchBrowser, openTab, type Tab } from './support/browser.ts'
import { nextMap, position, shownMap } from './support/review-page.ts'
import { decideByDominance } from './support/verdicts.ts'

/** What the console says where a call is refused or cut on purpose, and when the server restarts. */
const PROVOKED = /403|net::ERR_|WebSocket/

let app: RunningApp
let browser: Browser
const tabs: Tab[] = []

beforeAll(async () => {
  app = await startApp('shared.heatproof', (file) => {
    const workspace = openWorkspace(file, { create: true })
    fillWorkspace(workspace, { samples: 20, methods: ['sa', 'dtd'] })
    workspace.close()
  })
  browser = await launchBrowser()
  await app.call('workspace.setReviewer', { name: 'Olga' })
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

/** A browser of its own for whoever opens the address. */
async function open(address: string): Promise<Page> {
  const tab = await openTab(browser, address, { expected: PROVOKED })
  tabs.push(tab)
  return tab.page
}

/** Status of a call that the page forges with its own cookie. */
const forge = (page: Page, name: string, input: unknown): Promise<number> =>
  page.evaluate(
    async ([path, body]) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(path, { method: 'POST', headers, body })).status
    },
    [`/rpc/${name}`, JSON.stringify(input)] as const,
  )

/** The count of accepted maps in the panel at the left. */
const accepted = (page: Page, count: number) =>
  page.getByRole('checkbox', { name: new RegExp(`^accept\\w* ?${count}$`, 'i') })

describe('two reviewers in two browsers on one server', () => {
  let [ada, bob] = ['', '']
  let queueId = 0

  beforeAll(async () => {
    ada = (await app.call('reviewers.add', { name: 'Ada' })).token
    bob = (await app.call('reviewers.add', { name: 'Bob' })).token
    queueId = (await app.call('review.createQueue', { filter: {}, order: 'sequence', size: 0 })).id
  })

  it('decide by keys in their own names, see counts live, and each keep their place', async () => {
    const [first, second] = [
      await open(app.address(`/review?queue=${queueId}`, ada)),
      await open(app.address(`/review?queue=${queueId}`, bob)),
    ]
    let shown = await shownMap(first)
    const seen = await shownMap(second)
    expect(seen).toBe(shown)
    for (const page of [first, second]) expect(page.url()).not.toContain('token')
    for (const key of ['a', '1', 'a']) {
      await first.keyboard.press(key)
      shown = await nextMap(first, shown)
    }
    await accepted(second, 2).waitFor()
    expect(await position(second)).toBe(1)
    expect(await shownMap(second)).toBe(seen)
    await second.keyboard.press('u')
    await nextMap(second, seen)
    expect([await position(first), await position(second)]).toEqual([4, 2])
    const { history } = await app.call('review.item', { mapId: seen })
    expect(history.map(({ reviewer, verdict }) => `${reviewer} ${verdict}`)).toEqual([
      'Ada accept',
      'Bob unsure',
    ])
    await expect
      .poll(() => app.call('review.place', { reviewer: 'Ada', queueId }))
      .toMatchObject({ position: 3 })
    await expect
      .poll(() => app.call('review.place', { reviewer: 'Bob', queueId }))
      .toMatchObject({ position: 1 })
  })

  it('have a fixed name, controls of leads disabled with the reason, and no Export', async () => {
    const page = await open(app.address('/runs', ada))
    const banner = page.getByRole('banner')
    await banner.getByText('Ada', { exact: true }).waitFor()
    expect(await banner.getByRole('textbox').count()).toBe(0)
    for (const name of ['New run', 'Train a model', 'Add a model']) {
      const button = page.getByRole('button', { name, exact: true })
      expect(await button.isDisabled()).toBe(true)
      expect(await button.getAttribute('title')).toContain('Only a lead')
    }
    expect(await page.getByRole('link', { name: 'Export' }).count()).toBe(0)
    await page.goto(`${app.origin}/calibrate`)
    await page.getByRole('region', { name: 'Versions' }).waitFor()
    await page.goto(`${app.origin}/export`)
    await page.getByRole('heading', { name: 'Only leads export' }).waitFor()
    await page.goto(`${app.origin}/settings`)
    await page.getByText('Runs, training, active calibrations and exports are for leads').waitFor()
    expect(await page.getByRole('region', { name: 'Reviewers' }).count()).toBe(0)
  })

  it('are refused what their page forges, and nothing changes', async () => {
    const page = await open(app.address('/review', ada))
    await shownMap(page)
    const before = await app.call('workspace.summary', {})
    expect(await forge(page, 'calibration.activate', { id: null, by: 'Ada' })).toBe(403)
    expect(await forge(page, 'reviewers.add', { name: 'Eve', role: 'lead' })).toBe(403)
    expect(
      await forge(page, 'review.decide', { reviewer: 'Bob', mapIds: [9], verdict: 'fail', modes: ['other'] }),
    ).toBe(403)
    expect(await forge(page, 'review.undo', { reviewer: 'Bob' })).toBe(403)
    expect(await app.call('workspace.summary', {})).toEqual(before)
  })

  it('lose no verdict and store none twice when the answer is lost', async () => {
    const page = await open(app.address('/review', bob))
    const mapId = await shownMap(page)
    let tries = 0
    await page.route('**/rpc/review.decide', async (route) => {
      tries += 1
      if (tries > 1) return route.continue()
      await route.fetch()
      await route.abort()
    })
    const warned = page.getByText('The verdict is not saved yet').waitFor()
    await page.keyboard.press('a')
    await warned
    await nextMap(page, mapId)
    expect(tries).toBe(2)
    const { history } = await app.call('review.item', { mapId })
    expect(history.filter(({ reviewer }) => reviewer === 'Bob')).toHaveLength(1)
    await expect
      .poll(() => app.call('review.place', { reviewer: 'Bob', queueId }))
      .toMatchObject({ position: 2 })
  })

  it('find all of it again after the server was restarted', async () => {
    const page = await open(app.address('/review', ada))
    await shownMap(page)
    await app.restart()
    await page.goto(`${app.origin}/review`)
    await shownMap(page)
    expect(await position(page)).toBe(4)
    const other = await open(app.address('/review', bob))
    await shownMap(other)
    expect(await position(other)).toBe(3)
    const { counts } = await app.call('workspace.summary', {})
    expect(counts.verdicts).toBe(5)
  })
})

describe('Settings, Reviewers', () => {
  it('gives a link once that opens the app, changes the role at once, and takes it back', async () => {
    const owner = await open(app.address('/settings'))
    const panel = owner.getByRole('region', { name: 'Reviewers' })
    await panel.getByRole('textbox', { name: 'Name of a new reviewer' }).fill('Cleo')
    await panel.getByRole('button', { name: 'Add', exact: true }).click()
    const field = panel.getByRole('textbox', { name: 'Link of Cleo' })
    const link = await field.inputValue()
    await panel.getByRole('button', { name: 'Hide the link' }).click()
    expect(await field.count()).toBe(0)

    const cleo = await open(link)
    await cleo.goto(`${app.origin}/runs`)
    const newRun = cleo.getByRole('button', { name: 'New run', exact: true })
    await expect.poll(() => newRun.isDisabled()).toBe(true)
    await panel.getByRole('combobox', { name: 'Role of Cleo' }).selectOption('lead')
    await expect.poll(() => newRun.isDisabled()).toBe(false)
    await panel
      .getByText(/^last here/)
      .first()
      .waitFor()

    await panel.getByRole('button', { name: /^Remove Cleo/ }).click()
    await cleo.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await panel.getByText('Cleo', { exact: true }).waitFor({ state: 'detached' })
    expect(await forge(cleo, 'workspace.summary', {})).toBe(403)
  })

  it('gives a new link that ends the old one', async () => {
    await app.call('reviewers.add', { name: 'Dan' })
    const owner = await open(app.address('/settings'))
    const panel = owner.getByRole('region', { name: 'Reviewers' })
    await panel.getByRole('button', { name: /^New link for Dan/ }).click()
    const link = await panel.getByRole('textbox', { name: 'Link of Dan' }).inputValue()
    const dan = await open(link)
    await dan.getByRole('banner').getByText('Dan', { exact: true }).waitFor()
    await panel.getByRole('button', { name: /^New link for Dan/ }).click()
    await dan.getByRole('heading', { name: 'This link no longer works' }).waitFor()
  })

  it('lets a lead alone activate a calibration, and everybody see it at once', async () => {
    await decideByDominance(app, 'Olga', 60)
    await app.call('calibration.save', { createdBy: 'Olga', metric: 'dominance', resamples: 100 })
    const tokenOf = async (name: string, role: Role) =>
      (await app.call('reviewers.add', { name, role })).token
    const [eve, lena] = [
      await open(app.address('/calibrate', await tokenOf('Eve', 'reviewer'))),
      await open(app.address('/calibrate', await tokenOf('Lena', 'lead'))),
    ]
    const activate = (page: Page) =>
      page.getByRole('region', { name: 'Versions' }).getByRole('button', { name: 'Activate', exact: true })
    await activate(eve).waitFor()
    expect(await activate(eve).isDisabled()).toBe(true)
    expect(await activate(eve).getAttribute('title')).toContain('Only a lead')
    await activate(lena).click()
    await eve.getByRole('banner').getByText('v1').waitFor()
    expect((await app.call('calibration.list', {}))[0]).toMatchObject({ version: 1, active: true })
  })

  it('leaves the owner free to decide under any name, at the place of that name', async () => {
    const owner = await open(app.address('/review'))
    await shownMap(owner)
    const name = owner.getByRole('banner').getByRole('combobox', { name: 'Reviewer' })
    await name.fill('Ada')
    await name.press('Enter')
    await expect.poll(() => position(owner)).toBe(4)
  })
})

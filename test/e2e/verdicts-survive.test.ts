import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../src/hosts/bench/generated-workspace.ts'
import { launchBrowser, openTab, screenshot, type Tab } from './support/browser.ts'
import { startBreakable, storedVerdicts, type BreakableApp } from './support/breakable-app.ts'
import { fillDisk, mountSmallDisk, NO_MOUNT, unmount } from '../support/small-disk.ts'
import { nextMap, shownMap } from './support/review-page.ts'

let browser: Browser
let folder: string
let app: BreakableApp
let tab: Tab

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heatproof-survive-'))
})

afterEach(async () => {
  await tab.close()
  await app.kill()
  rmSync(folder, { recursive: true, force: true })
})

function makeWorkspace(path: string): string {
  const workspace = openWorkspace(path, { create: true })
  fillWorkspace(workspace, { samples: 40, pixelScores: false })
  workspace.close()
  return path
}

/** A page that reviews the workspace. Failed requests are what these tests are about. */
async function review(path = makeWorkspace(join(folder, 'a.heatproof'))): Promise<Page> {
  app = await startBreakable(path)
  tab = await openTab(browser, app.address(), { expected: /Failed to load resource|WebSocket/ })
  await shownMap(tab.page)
  return tab.page
}

/** Accepts map after map until one is not stored; gives the maps in their order, that one last. */
async function burst(page: Page): Promise<number[]> {
  const pressed: number[] = []
  const banner = page.getByText('The verdict is not saved yet.')
  while (!(await banner.isVisible())) {
    const map = await shownMap(page)
    if (pressed.at(-1) !== map) {
      pressed.push(map)
      await page.keyboard.press('a')
    }
    await page.waitForTimeout(2)
  }
  return pressed
}

/** Cuts the network. The browser says at once that it has, and does so a moment later: a request that fails tells when. */
async function cutNetwork(page: Page): Promise<void> {
  await tab.context.setOffline(true)
  const reached = () => page.evaluate<boolean>("fetch('/open').then(() => true, () => false)")
  await expect.poll(reached).toBe(false)
}

const notSaved = (page: Page) => page.getByText('The verdict is not saved yet.').waitFor()
const acceptsOf = (maps: readonly number[]) => maps.map((mapId) => ({ mapId, verdict: 'accept' }))

describe('verdicts survive', () => {
  it('a killed engine: the last one is kept, sent again, and each is stored once, in order', async () => {
    const page = await review()
    const all: number[] = []
    for (let kill = 0; kill < 3; kill += 1) {
      const burning = burst(page)
      await page.waitForTimeout(400 + 130 * kill)
      await app.kill()
      const pressed = await burning
      await notSaved(page)
      if (kill === 0) await screenshot(page, 'survive-killed-dark')
      const last = await shownMap(page)
      expect(last).toBe(pressed.at(-1))
      await app.start()
      await nextMap(page, last)
      await page.getByRole('main').getByRole('alert').waitFor({ state: 'detached' })
      all.push(...pressed)
    }
    await app.kill()
    expect(all.length).toBeGreaterThan(10)
    expect(storedVerdicts(app.workspace)).toEqual(acceptsOf(all))
  })

  it('a new start with another token: the page says so, and goes on once the new address was opened', async () => {
    const page = await review()
    const map = await shownMap(page)
    await app.kill()
    await app.start({ newToken: true })
    await page.keyboard.press('u')
    await notSaved(page)
    await page.getByText('that of an earlier start').waitFor()
    await screenshot(page, 'survive-token-dark')
    const other = await tab.context.newPage()
    await other.goto(app.address('/runs'))
    await nextMap(page, map)
    await app.kill()
    expect(storedVerdicts(app.workspace)).toEqual([{ mapId: map, verdict: 'unsure' }])
  })

  it('the new address opened in the same tab: what was not saved goes with it', async () => {
    const page = await review()
    page.on('dialog', (dialog) => void dialog.accept())
    const map = await shownMap(page)
    await app.kill()
    await page.keyboard.press('2')
    await notSaved(page)
    await app.start({ newToken: true })
    await page.goto(app.address('/runs'))
    await expect
      .poll(async () => page.evaluate<string | null>("sessionStorage.getItem('heatproof.unsaved-verdict')"))
      .toBeNull()
    await app.kill()
    expect(storedVerdicts(app.workspace)).toEqual([{ mapId: map, verdict: 'fail' }])
  })

  it('an engine that comes back at another port: the window keeps the verdict for its page', async () => {
    app = await startBreakable(makeWorkspace(join(folder, 'a.heatproof')))
    tab = await openTab(browser, app.address('/runs'), { expected: /Failed to load resource|WebSocket/ })
    const { page } = tab
    page.on('dialog', (dialog) => void dialog.accept())
    let unsaved: string | null = null
    await page.exposeFunction('keepUnsaved', (verdict: string | null) => (unsaved = verdict))
    await page.exposeFunction('unsaved', () => unsaved)
    await page.addInitScript(
      'window.heatproof = { chooseExportFolder() {}, onMenu() {}, async tell() {}, keepUnsaved, unsaved }',
    )
    await page.goto(app.address())
    const map = await shownMap(page)
    await app.kill()
    await page.keyboard.press('2')
    await notSaved(page)
    const elsewhere = await startBreakable(app.workspace)
    try {
      expect(new URL(elsewhere.address()).port).not.toBe(new URL(app.address()).port)
      await page.goto(elsewhere.address('/runs'))
      await expect.poll(() => unsaved).toBeNull()
    } finally {
      await elsewhere.kill()
    }
    expect(storedVerdicts(app.workspace)).toEqual([{ mapId: map, verdict: 'fail' }])
  })

  it('a cut network, also on another screen, where it stays in sight', async () => {
    const page = await review()
    const map = await shownMap(page)
    await cutNetwork(page)
    await page.keyboard.press('a')
    await notSaved(page)
    await page.getByRole('link', { name: 'Runs' }).click()
    await notSaved(page)
    await screenshot(page, 'survive-offline-dark')
    await tab.context.setOffline(false)
    await page.getByText('The verdict is not saved yet.').waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'Review' }).click()
    await nextMap(page, map)
    await app.kill()
    expect(storedVerdicts(app.workspace)).toEqual(acceptsOf([map]))
  })

  it.skipIf(NO_MOUNT !== undefined)(
    'a full disk: the page names it, and goes on when there is room',
    async () => {
      const disk = mountSmallDisk(join(folder, 'disk'), 24 * 1024)
      try {
        const page = await review(makeWorkspace(join(disk, 'a.heatproof')))
        const makeRoom = fillDisk(disk, 0)
        const pressed = await burst(page)
        await page.getByText('a full disk').waitFor()
        await screenshot(page, 'survive-full-disk-dark')
        makeRoom()
        await nextMap(page, pressed.at(-1) ?? 0)
        await app.kill()
        expect(storedVerdicts(app.workspace)).toEqual(acceptsOf(pressed))
      } finally {
        await app.kill()
        unmount(disk)
      }
    },
  )
})

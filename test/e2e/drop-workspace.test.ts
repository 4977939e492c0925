import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { asked, electron } from '../support/electron-stand-in.ts'
import { launchBrowser, screenshot } from './support/browser.ts'

vi.mock('electron', async () => (await import('../support/electron-stand-in.ts')).electron)

const folder = mkdtempSync(join(tmpdir(), 'heatproof-drop-'))
const inFolder = (name: string): string => join(folder, name)
const PRELOAD = readFileSync(join(import.meta.dirname, '../../out/preload/index.cjs'), 'utf8')

/** The built preload script in a page: messages go to the window's process and come from it; a file of the disk lies in the folder of this test. */
const AS_PRELOAD = `(() => {
  const require = () => ({
    contextBridge: { exposeInMainWorld: (name, bridge) => { window[name] = bridge } },
    ipcRenderer: {
      invoke: (...message) => window.invokeWindow(...message),
      on: (_channel, listener) => { window.hearWindow = (event) => listener(null, event) },
    },
    webUtils: { getPathForFile: (file) => ${JSON.stringify(`${folder}/`)} + file.name },
  })
  ${PRELOAD}
})()`

let browser: Browser
let page: Page

/** The whole window's process and its engine for one workspace, with Chromium in the place of Electron's. */
beforeAll(async () => {
  for (const name of ['first', 'second', 'third']) {
    openWorkspace(inFolder(`${name}.heatproof`), { create: true }).close()
  }
  vi.stubEnv('XDG_STATE_HOME', folder)
  process.argv.push(inFolder('first.heatproof'))
  await import('../../src/main/index.ts')
  await vi.waitFor(() => expect(loadedBy(0)).toMatch(/^http:/), 60_000)
  browser = await launchBrowser()
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  })
  await page.exposeFunction('invokeWindow', (channel: string, given: unknown) =>
    asked.answers.get(channel)?.(
      { sender: { id: 1 }, senderFrame: { url: page.url(), parent: null } },
      given,
    ),
  )
  asked.windows[0]?.webContents.on('sent', (event: unknown) => {
    // The last may come when the page has gone.
    void page.evaluate(`window.hearWindow?.(${JSON.stringify(event)})`).catch(() => undefined)
  })
  await page.addInitScript(AS_PRELOAD)
  await page.goto(loadedBy(0) ?? '')
  await page.waitForURL((url) => url.pathname !== '/open')
  await page.waitForFunction('window.hearWindow !== undefined')
})

afterAll(async () => {
  await browser.close()
  electron.app.quit()
  await vi.waitFor(() => expect(asked.ended).toBe(true), 30_000)
  rmSync(folder, { recursive: true, force: true })
})

function loadedBy(window: number): string | undefined {
  return asked.windows[window]?.loaded.at(-1)
}

/** The user drags onto the page: Chromium makes the events and the files, as it does for a hand. */
async function drag(data: { files?: string[]; items?: { mimeType: string; data: string }[] }): Promise<void> {
  const chromium = await page.context().newCDPSession(page)
  const where = { x: 300, y: 300, data: { items: [], ...data, dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await chromium.send('Input.dispatchDragEvent', { type, ...where })
  }
}

function said(): string {
  return JSON.stringify(asked.windows[0]?.webContents.sent.at(-1) ?? null)
}

test.each([
  ['a page', 'page.html', () => writeFileSync(inFolder('page.html'), '<script>alert(1)</script>')],
  ['a folder', 'folder.heatproof', () => mkdirSync(inFolder('folder.heatproof'))],
  ['a link to a device', 'zero.heatproof', () => symlinkSync('/dev/zero', inFolder('zero.heatproof'))],
])('%s that is dropped opens nothing, and the page is told', async (_what, name, make) => {
  make()
  const before = page.url()
  await drag({ files: [inFolder(name)] })
  await page.getByText(`“${name}” is no workspace`).waitFor()
  await screenshot(page, 'drop-refused-dark')
  expect([page.url(), asked.windows.length]).toEqual([before, 1])
})

test('an address, and a drop that a page makes up, do not reach the window', async () => {
  const before = asked.windows[0]?.webContents.sent.length ?? 0
  await page.evaluate(`{
    addEventListener('drop', (event) => event.preventDefault(), { once: true })
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'second.heatproof'))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    addEventListener('drop', (event) => event.preventDefault(), { once: true })
  }`)
  await drag({ items: [{ mimeType: 'text/uri-list', data: `file://${inFolder('second.heatproof')}` }] })
  await drag({ files: [inFolder('page.html')] })
  await expect.poll(() => asked.windows[0]?.webContents.sent.length).toBe(before + 1)
  expect(said()).toContain('page.html')
  expect(asked.windows).toHaveLength(1)
})

test('workspaces that are dropped open in windows of their own, one also by a link', async () => {
  symlinkSync('third.heatproof', inFolder('link.heatproof'))
  await drag({ files: [inFolder('second.heatproof'), inFolder('link.heatproof')] })
  await expect.poll(() => [loadedBy(1), loadedBy(2)].every((url) => url?.startsWith('http:'))).toBe(true)
  const other = await browser.newPage()
  await other.goto(loadedBy(1) ?? '')
  await expect.poll(() => other.title()).toContain('second')
  await drag({ files: [inFolder('third.heatproof')] })
  await drag({ files: [inFolder('page.html')] })
  await expect.poll(said).toContain('page.html')
  expect(asked.windows).toHaveLength(3)
})

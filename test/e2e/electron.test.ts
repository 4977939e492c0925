import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron as electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { windowObstacle } from '../../scripts/start/open-window.ts'
import { electronBinary } from '../../src/hosts/electron-binary.ts'

const ROOT = join(import.meta.dirname, '../..')
const binary = electronBinary()
const obstacle =
  windowObstacle(process.platform, process.env, process.getuid?.()) ??
  (binary === undefined ? "Electron's binary is not there" : undefined)

describe.skipIf(obstacle !== undefined)(
  `the desktop window${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'heatproof-window-'))
    let application: ElectronApplication
    let page: Page

    beforeAll(async () => {
      application = await electron.launch({
        executablePath: binary ?? '',
        args: [ROOT, join(folder, 'window.heatproof')],
        env: { ...process.env, XDG_CONFIG_HOME: folder },
      })
      page = await application.firstWindow()
      await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/(?!open)/)
    })

    afterAll(async () => {
      await application.close()
      rmSync(folder, { recursive: true, force: true })
    })

    it('shows the workspace', async () => {
      await page.waitForFunction("document.title.includes('Heatproof')")
      expect(await page.title()).toContain('window')
    })

    it('gives the page the bridge and no Node', async () => {
      const seen = await page.evaluate<unknown>(`({
        bridge: Object.keys(window.heatproof).sort(),
        node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
      })`)
      expect(seen).toEqual({
        bridge: [
          'chooseExportFolder',
          'keepUnsaved',
          'newWorkspace',
          'onMenu',
          'openWorkspace',
          'tell',
          'unsaved',
        ],
        node: [],
      })
    })

    it('opens no other window, leaves for no other site and gets no permission', async () => {
      const before = page.url()
      const outcome = await page.evaluate<unknown>(`(async () => {
        const opened = window.open('https://example.org/')
        location.assign('https://example.org/')
        return { opened: opened !== null, permission: await Notification.requestPermission() }
      })()`)
      expect(outcome).toEqual({ opened: false, permission: 'denied' })
      expect(page.url()).toBe(before)
      expect(application.windows()).toHaveLength(1)
    })

    it('goes where its menu says', async () => {
      await application.evaluate(({ Menu }) => {
        const go = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'Go')
        go?.submenu?.items.find(({ label }) => label === 'Go to Settings')?.click()
      })
      await page.waitForURL(/\/settings$/)
    })
  },
)

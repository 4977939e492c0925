import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import electronPackage from 'electron/package.json' with { type: 'json' }
import packageJson from '../../../package.json' with { type: 'json' }
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { DESKTOP_CHANNELS } from '../../../src/shared/desktop.ts'
import { asked, electron } from '../../support/electron-stand-in.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

vi.mock('electron', async () => (await import('../../support/electron-stand-in.ts')).electron)

const folder = temporaryFolder()
const workspace = join(folder, 'a.heatproof')
const EVIL = 'https://evil.example/'

/** The window's whole process and its real engine, with the test in the place of Electron and of the page. */
beforeAll(async () => {
  openWorkspace(workspace, { create: true }).close()
  vi.stubEnv('XDG_STATE_HOME', folder)
  process.argv.push(workspace)
  await import('../../../src/main/index.ts')
  await vi.waitFor(() => expect(shown().loaded.at(-1)).toMatch(/^http:/), 30_000)
})

afterAll(async () => {
  electron.app.quit()
  await vi.waitFor(() => expect(asked.ended).toBe(true), 30_000)
})

function shown() {
  const [window] = asked.windows
  if (window === undefined) throw new Error('No window was opened.')
  return window
}

function origin(): string {
  return new URL(shown().webContents.url).origin
}

describe('what the window loads', () => {
  test('comes from the engine of this computer, with a policy that lets in nothing else', async () => {
    expect(shown().loaded.map((url) => new URL(url).hostname)).toEqual(['127.0.0.1'])
    const { headers, status } = await fetch(shown().webContents.url)
    expect(status).toBe(200)
    const policy = headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:|frame-src/)
  })

  test('has no right of its own: isolated, in a sandbox, with all that weakens a page left off', () => {
    expect(asked.sandboxed).toBe(true)
    const { preload, ...settings } = shown().options.webPreferences ?? {}
    expect(preload).toMatch(/preload[\\/]index\.cjs$/)
    expect(settings).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    })
  })

  test('and nothing softens it later: certificates, passwords and switches stay as Electron has them', () => {
    const softening = ['certificate-error', 'select-client-certificate', 'login']
    expect(softening.filter((event) => electron.app.listenerCount(event) > 0)).toEqual([])
    const bundle = readFileSync(join(import.meta.dirname, '../../../out/main/index.js'), 'utf8')
    expect(bundle).toContain('setPermissionRequestHandler')
    expect(bundle).not.toMatch(
      /setCertificateVerifyProc|commandLine\.|appendSwitch|registerSchemesAsPrivileged|fromPartition|openExternal/,
    )
  })
})

describe('a page that was taken over', () => {
  test.each([
    EVIL,
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,<script src=https://evil.example/>',
    'chrome://gpu',
    'devtools://devtools/bundled/inspector.html',
    'smb://evil.example/share',
    'heatproof://open',
    'https://actions.heatproof.invalid/open-logs',
  ])('does not lead the window, a frame or a redirect to %s', (url) => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect(shown().webContents.refuses(event, { url })).toBe(true)
    }
    expect(asked.openedPaths).toEqual([])
  })

  test('nor to what has the address of the engine and is none of its pages', () => {
    const { host } = new URL(origin())
    for (const url of [
      `blob:${origin()}/1`,
      `view-source:${origin()}/`,
      `http://a:b@${host}/`,
      `http://${host}.evil.example/`,
    ]) {
      expect(shown().webContents.refuses('will-navigate', { url }), url).toBe(true)
    }
    expect(shown().webContents.refuses('will-navigate', { url: `${origin()}/runs` })).toBe(false)
  })

  test('opens no window, attaches no view and hands nothing to another program', () => {
    for (const url of [EVIL, 'about:blank', `${origin()}/`, 'mailto:a@evil.example', 'file:///bin/sh']) {
      expect(shown().webContents.windowOpen?.({ url, features: 'nodeIntegration=1' })).toEqual({
        action: 'deny',
      })
      const preferences = { nodeIntegration: true, preload: '/evil.js' }
      expect(shown().webContents.refuses('will-attach-webview', {}, preferences, { src: url })).toBe(true)
    }
    expect(asked.windows).toHaveLength(1)
    expect(asked.openedOutside).toEqual([])
  })

  test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'hid'])(
    'gets no permission: %s',
    (permission) => {
      const answers: unknown[] = []
      const contents = shown().webContents
      const details = { requestingUrl: `${origin()}/`, isMainFrame: true }
      asked.permissions.get('request')?.(contents, permission, (yes: unknown) => answers.push(yes), details)
      answers.push(asked.permissions.get('check')?.(contents, permission, origin(), details))
      answers.push(asked.permissions.get('device')?.({ deviceType: permission, origin: origin() }))
      expect(answers).toEqual([false, false, false])
    },
  )
})

describe('a message to the window', () => {
  const channels = Object.values(DESKTOP_CHANNELS).filter((channel) => channel !== DESKTOP_CHANNELS.menu)
  const send = (channel: string, sender: { id: number }, senderFrame: object | null) =>
    asked.answers.get(channel)?.({ sender, senderFrame }, null)

  test('can be of seven kinds', () => {
    expect([...asked.answers.keys()].toSorted()).toEqual(channels.toSorted())
    expect(channels).toHaveLength(7)
  })

  test.each(channels)('%s is answered only to the page that fills it', (channel) => {
    const own = { id: shown().webContents.id }
    const page = { url: `${origin()}/review`, parent: null }
    const forged = [
      () => send(channel, own, null),
      () => send(channel, own, { ...page, url: EVIL }),
      () => send(channel, own, { ...page, url: 'about:blank' }),
      () => send(channel, own, { ...page, url: `blob:${origin()}/1` }),
      () => send(channel, own, { ...page, parent: page }),
      () => send(channel, { id: 99 }, page),
    ]
    for (const attack of forged) expect(attack).toThrow('forbidden')
  })

  test('comes from a bridge of functions: neither channels nor anything of Electron is in reach', async () => {
    vi.stubGlobal('addEventListener', () => undefined)
    await import('../../../src/preload/index.ts')
    expect([...asked.exposed.keys()]).toEqual(['heatproof'])
    const bridge = asked.exposed.get('heatproof') ?? {}
    expect(Object.values(bridge).every((part) => typeof part === 'function')).toBe(true)
    expect(Object.keys(bridge)).not.toContain('openDropped')
  })
})

test('the Electron that is shipped is named to the last digit, and is the one that is installed', () => {
  expect(packageJson.devDependencies.electron).toBe(electronPackage.version)
  expect(electronPackage.version).toMatch(/^\d+\.\d+\.\d+$/)
})

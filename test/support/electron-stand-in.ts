import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions } from 'electron'

type Handler = (...values: unknown[]) => unknown

/** What the window's process asked Electron for that leads out of it. */
export const asked = {
  sandboxed: false,
  ended: false,
  openedPaths: [] as string[],
  openedOutside: [] as string[],
  exposed: new Map<string, Record<string, unknown>>(),
  answers: new Map<string, Handler>(),
  permissions: new Map<string, Handler>(),
  windows: [] as BrowserWindow[],
}

/** Emits an event and answers whether a handler prevented what it is about. */
function prevented(emitter: EventEmitter, name: string, details: object = {}, ...others: unknown[]): boolean {
  let yes = false
  emitter.emit(name, { ...details, preventDefault: () => (yes = true) }, ...others)
  return yes
}

class Contents extends EventEmitter {
  readonly id: number
  url = ''
  /** What the window told its page. */
  readonly sent: unknown[] = []
  windowOpen: Handler | undefined

  constructor(id: number) {
    super()
    this.id = id
  }

  getURL(): string {
    return this.url
  }

  send(_channel: string, event: unknown): void {
    this.sent.push(event)
    this.emit('sent', event)
  }

  setWindowOpenHandler(handler: Handler): void {
    this.windowOpen = handler
  }

  /** Whether an event that a page caused was refused. */
  refuses(event: string, details: object, ...others: unknown[]): boolean {
    return prevented(this, event, details, ...others)
  }
}

class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return asked.windows
  }

  readonly options: BrowserWindowConstructorOptions
  readonly webContents = new Contents(asked.windows.length + 1)
  readonly loaded: string[] = []

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
    asked.windows.push(this)
  }

  loadURL(url: string): Promise<void> {
    this.loaded.push(url)
    this.webContents.url = url
    return Promise.resolve()
  }

  close(): void {
    if (!prevented(this, 'close')) this.emit('closed')
  }

  getNormalBounds(): object {
    return { x: 0, y: 0, width: 900, height: 600 }
  }

  isMaximized(): boolean {
    return false
  }

  isFocused(): boolean {
    return true
  }

  isMinimized(): boolean {
    return false
  }

  show(): void {
    // Nothing is on screen.
  }

  focus(): void {
    // Nothing is on screen.
  }
}

class App extends EventEmitter {
  readonly isPackaged = false

  enableSandbox(): void {
    asked.sandboxed = true
  }

  requestSingleInstanceLock(): boolean {
    return true
  }

  whenReady(): Promise<void> {
    return Promise.resolve()
  }

  getPath(): string {
    return process.env['XDG_STATE_HOME'] ?? ''
  }

  quit(): void {
    asked.ended = !prevented(this, 'before-quit')
  }
}

const keep = (name: string) => (handler: Handler) => void asked.permissions.set(name, handler)

/**
 * Electron in tests of the whole window's process, which is the real one: keeps what it is asked for, and lets a test be the page.
 * Whatever else of Electron that process would use is missing, so that using it fails.
 */
export const electron = {
  app: new App(),
  BrowserWindow,
  dialog: {},
  screen: { getAllDisplays: () => [] },
  ipcMain: { handle: (channel: string, handler: Handler) => void asked.answers.set(channel, handler) },
  Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => undefined },
  session: {
    defaultSession: {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
    },
  },
  shell: {
    openPath: (path: string) => Promise.resolve(void asked.openedPaths.push(path)),
    openExternal: (url: string) => Promise.resolve(void asked.openedOutside.push(url)),
  },
  contextBridge: {
    exposeInMainWorld: (name: string, api: Record<string, unknown>) => void asked.exposed.set(name, api),
  },
  ipcRenderer: { invoke: () => Promise.resolve(), on: () => undefined, off: () => undefined },
  webUtils: { getPathForFile: () => '' },
}

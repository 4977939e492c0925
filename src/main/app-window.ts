import { BrowserWindow, dialog, screen } from 'electron'
import { setTimeout as wait } from 'node:timers/promises'
import { launchEngine, type LaunchOptions } from '../hosts/child/launch.ts'
import type { Log } from '../hosts/log/log.ts'
import { DESKTOP_CHANNELS, type MenuEvent, type Message, type PageState } from '../shared/desktop.ts'
import type { WorkspaceChoice } from './arguments.ts'
import { mayClose, type Question } from './closing.ts'
import { chooseExportFolder, chooseWorkspaceFile, nameNewWorkspace } from './dialogs.ts'
import { sortDropped } from './dropped-files.ts'
import { EngineView } from './engine-view.ts'
import type { BridgeActions } from './ipc.ts'
import { boundsOnDisplays, type KeptStateFile } from './kept-state.ts'
import { confineNavigation } from './navigation.ts'
import { Supervisor } from './supervisor.ts'
import { leaveFreely } from './unload.ts'
import { windowOptions } from './window-options.ts'
import type { WorkspaceWindow } from './workspace-windows.ts'

/** What all windows share. */
export interface Shell {
  preload: string
  engine: Pick<LaunchOptions, 'node' | 'script' | 'log'>
  log: Promise<Log>
  kept: KeptStateFile
  openLogs: () => void
  open: (choice: WorkspaceChoice) => void
  /** Something that the menu shows has changed. */
  onChange: () => void
}

export interface AppWindow extends WorkspaceWindow {
  native: BrowserWindow
  bridge: BridgeActions
  page: () => PageState
  send: (event: MenuEvent) => void
  restartEngine: () => void
}

const NO_PAGE: PageState = { commands: [], saving: false, job: null }

/** Opens a window with an engine of its own; the parameters are those of `CreateWindow`. */
export function openAppWindow(
  choice: WorkspaceChoice,
  after: Promise<void>,
  onClosed: (ended: Promise<void>) => void,
  shell: Shell,
): AppWindow {
  const native = placedWindow(shell)
  const contents = native.webContents
  const send = (event: MenuEvent): void => contents.send(DESKTOP_CHANNELS.menu, event)
  const say = (message: Message): void => send({ action: 'say', ...message })
  let page = NO_PAGE
  const tell = (state: PageState): void => {
    page = state
    shell.onChange()
  }
  const view = new EngineView({
    load: (url) => {
      tell(NO_PAGE)
      void native.loadURL(url).catch(() => undefined)
    },
    currentUrl: () => contents.getURL(),
    say,
  })
  const supervisor = supervisorOf(choice, view, shell)
  confineNavigation(
    contents,
    () => view.origin,
    (action) => (action === 'try-again' ? supervisor.open() : shell.openLogs()),
  )
  leaveFreely(contents)

  const ask = async ({ buttons, ...question }: Question): Promise<boolean> => {
    native.show()
    const options = { ...question, buttons: [...buttons], defaultId: 0, cancelId: 0 }
    return (await dialog.showMessageBox(native, options)).response === 1
  }
  let [asking, leaving] = [false, false]
  const close = (): Promise<void> => {
    leaving = true
    const gone = new Promise<void>((resolve) => native.once('closed', () => resolve()))
    native.close()
    return gone
  }
  const bridge = bridgeOf({ native, view, supervisor, shell, tell, say })
  const isSaving = (): boolean => page.saving || bridge.unsaved() !== null
  const allowed = (): Promise<boolean> => mayClose({ isSaving, job: () => page.job, wait, ask })
  native.on('close', (event) => {
    shell.kept.change({ bounds: native.getNormalBounds(), maximized: native.isMaximized() })
    if (leaving) return
    event.preventDefault()
    if (asking) return
    asking = true
    void allowed().then((yes) => {
      asking = false
      if (yes) void close()
    })
  })
  let closed = false
  native.on('closed', () => {
    closed = true
    onClosed(supervisor.stop())
  })
  void after.then(() => {
    if (!closed) supervisor.start()
  })

  return {
    native,
    bridge,
    page: () => page,
    send,
    restartEngine: () => supervisor.open(),
    show: () => {
      if (native.isMinimized()) native.restore()
      native.show()
      native.focus()
    },
    mayClose: allowed,
    close,
  }
}

/** The first window is where the last one was; the system places others. */
function placedWindow({ preload, kept }: Shell): BrowserWindow {
  const { bounds, maximized } = kept.state
  const first = BrowserWindow.getAllWindows().length === 0
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea)
  const native = new BrowserWindow({
    ...windowOptions(preload),
    ...(first ? boundsOnDisplays(bounds, displays) : {}),
  })
  native.once('ready-to-show', () => {
    if (first && maximized) native.maximize()
    else native.show()
  })
  return native
}

function supervisorOf(choice: WorkspaceChoice, view: EngineView, { engine, log }: Shell): Supervisor {
  return new Supervisor(choice, {
    launch: (workspace, listeners, at) => launchEngine({ ...engine, ...workspace, at }, listeners),
    wait: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds)
      return () => clearTimeout(timer)
    },
    now: () => performance.now(),
    onReady: (place) => view.showEngine(place),
    onRestart: (problem) => view.showRestart(problem),
    onProblem: (problem) => view.showProblem(problem),
    onEnd: (cause, output) => {
      void log.then(({ error }) => error({ cause, output }, 'engine ended'))
    },
  })
}

interface BridgeNeeds {
  native: BrowserWindow
  view: EngineView
  supervisor: Supervisor
  shell: Shell
  tell: (state: PageState) => void
  say: (message: Message) => void
}

function bridgeOf({ native, view, supervisor, shell: { open }, tell, say }: BridgeNeeds): BridgeActions {
  const dialogs = {
    showOpen: (options: Electron.OpenDialogOptions) => dialog.showOpenDialog(native, options),
    showSave: (options: Electron.SaveDialogOptions) => dialog.showSaveDialog(native, options),
  }
  let unsaved: string | null = null
  return {
    origin: () => view.origin,
    tell,
    keepUnsaved: (verdict) => void (unsaved = verdict),
    unsaved: () => unsaved,
    chooseExportFolder: async () => {
      const folder = await chooseExportFolder(dialogs)
      if (folder !== null) supervisor.allowFolder(folder)
      return folder
    },
    openWorkspace: async () => {
      const workspace = await chooseWorkspaceFile(dialogs)
      if (workspace !== null) open({ workspace, whenMissing: 'fail' })
    },
    newWorkspace: async () => {
      const workspace = await nameNewWorkspace(dialogs)
      if (workspace !== null) open({ workspace, whenMissing: 'empty' })
    },
    openDropped: (paths) => {
      const { workspaces, refusal } = sortDropped(paths)
      for (const workspace of workspaces) open({ workspace, whenMissing: 'fail' })
      if (refusal !== null) say(refusal)
    },
  }
}

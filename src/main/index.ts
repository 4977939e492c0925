import { app, BrowserWindow, dialog, ipcMain, Menu, screen, session, shell } from 'electron'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defaultWorkspace } from '../hosts/child/default-workspace.ts'
import { launchEngine } from '../hosts/child/launch.ts'
import { logFolder } from '../hosts/log/folder.ts'
import { logLevelOf } from '../hosts/log/levels.ts'
import { openLog } from '../hosts/log/log.ts'
import { DESKTOP_CHANNELS, type MenuEvent } from '../shared/desktop.ts'
import { chooseWorkspace, namedWorkspace, type WorkspaceChoice } from './arguments.ts'
import { chooseExportFolder, chooseWorkspaceFile, nameNewWorkspace } from './dialogs.ts'
import { enginePaths } from './engine-paths.ts'
import { EngineView } from './engine-view.ts'
import { answerBridge } from './ipc.ts'
import { boundsOnDisplays, loadState, saveState, withRecent } from './kept-state.ts'
import { menuTemplate } from './menu.ts'
import { confineNavigation } from './navigation.ts'
import { denyPermissions } from './permissions.ts'
import { holdSingleInstance } from './single-instance.ts'
import { Supervisor } from './supervisor.ts'
import { guardUnload, LEAVE, LEAVE_QUESTION } from './unload.ts'
import { windowOptions } from './window-options.ts'

const BUILT = import.meta.dirname
const LOGS = logFolder(process.platform, process.env, homedir())
const LEVEL = logLevelOf(process.env)
const SAMPLE = defaultWorkspace(process.env, homedir())

function startApplication(): Application {
  denyPermissions(session.defaultSession)
  const stateFile = join(app.getPath('userData'), 'window.json')
  let state = loadState(stateFile)
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...windowOptions(join(BUILT, '..', 'preload', 'index.cjs')),
    ...boundsOnDisplays(state.bounds, displays),
  })
  const view = new EngineView({
    load: (url) => void window.loadURL(url).catch(() => undefined),
    currentUrl: () => window.webContents.getURL(),
    say: (text) =>
      window.webContents.send(DESKTOP_CHANNELS.menu, { action: 'say', text } satisfies MenuEvent),
  })
  confineNavigation(
    window.webContents,
    () => view.origin,
    (action) => {
      if (action === 'try-again') supervisor.open()
      else void openLogs()
    },
  )
  let closing = false
  window.on('close', () => {
    closing = true
    state = { ...state, bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    saveState(stateFile, state)
  })
  guardUnload(
    window.webContents,
    () => closing,
    () => {
      const leave = dialog.showMessageBoxSync(window, LEAVE_QUESTION) === LEAVE
      closing = leave
      return leave
    },
  )
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize()
    else window.show()
  })

  const paths = enginePaths(app.isPackaged, join(BUILT, '..', '..'), process.resourcesPath)
  const log = openLog({ folder: LOGS, level: LEVEL, name: 'window' })
  const first = chooseWorkspace(process.argv.slice(1), SAMPLE, process.cwd())
  const supervisor = new Supervisor(first, {
    launch: (choice, listeners, at) =>
      launchEngine({ ...paths, ...choice, at, log: { folder: LOGS, level: LEVEL } }, listeners),
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
  const remember = (workspace: string): void => {
    state = withRecent(state, workspace)
    saveState(stateFile, state)
    setMenu()
  }
  const open = (choice: WorkspaceChoice): void => {
    view.forgetPath()
    supervisor.open(choice)
    remember(choice.workspace)
  }

  const dialogs = {
    showOpen: (options: Electron.OpenDialogOptions) => dialog.showOpenDialog(window, options),
    showSave: (options: Electron.SaveDialogOptions) => dialog.showSaveDialog(window, options),
  }
  let unsaved: string | null = null
  const actions = {
    keepUnsaved: (verdict: string | null) => void (unsaved = verdict),
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
  }
  answerBridge(ipcMain, actions, () => view.origin)
  const setMenu = (): void => {
    const template = menuTemplate({
      newWorkspace: () => void actions.newWorkspace(),
      openWorkspace: () => void actions.openWorkspace(),
      openRecent: (workspace) => open({ workspace, whenMissing: 'fail' }),
      recent: state.recent,
      restartEngine: () => supervisor.open(),
      openLogs: () => void openLogs(),
      send: (event) => window.webContents.send(DESKTOP_CHANNELS.menu, event),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  remember(first.workspace)
  supervisor.start()
  return { window, supervisor, open }
}

async function openLogs(): Promise<void> {
  await mkdir(LOGS, { recursive: true })
  await shell.openPath(LOGS)
}

interface Application {
  window: BrowserWindow
  supervisor: Supervisor
  open: (choice: WorkspaceChoice) => void
}

let application: Application | undefined
let engineStopped = false

app.enableSandbox()
const first = holdSingleInstance(app, (args, folder) => {
  if (namedWorkspace(args) !== undefined) application?.open(chooseWorkspace(args, SAMPLE, folder))
  application?.window.show()
  application?.window.focus()
})
if (first) {
  void app.whenReady().then(() => (application = startApplication()))
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (engineStopped || application === undefined) return
    event.preventDefault()
    void application.supervisor.stop().then(() => {
      engineStopped = true
      app.quit()
    })
  })
}

import { app, ipcMain, Menu, session, shell } from 'electron'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defaultWorkspace } from '../hosts/child/default-workspace.ts'
import { logFolder } from '../hosts/log/folder.ts'
import { logLevelOf } from '../hosts/log/levels.ts'
import { openLog } from '../hosts/log/log.ts'
import { openAppWindow, type AppWindow, type Shell } from './app-window.ts'
import { chooseWorkspace, namedWorkspace, type WorkspaceChoice } from './arguments.ts'
import { enginePaths } from './engine-paths.ts'
import { answerBridge } from './ipc.ts'
import { KeptStateFile, withRecent } from './kept-state.ts'
import { menuTemplate } from './menu.ts'
import { OpenedFiles } from './opened-files.ts'
import { denyPermissions } from './permissions.ts'
import { quitInOrder } from './quit.ts'
import { holdSingleInstance } from './single-instance.ts'
import { WorkspaceWindows } from './workspace-windows.ts'

const BUILT = import.meta.dirname
const LOG = { folder: logFolder(process.platform, process.env, homedir()), level: logLevelOf(process.env) }
const SAMPLE = defaultWorkspace(process.env, homedir())

const windows = new WorkspaceWindows<AppWindow>((choice, after, onClosed) =>
  openAppWindow(choice, after, onClosed, shared()),
)
let sharedParts: Shell | undefined

function shared(): Shell {
  return (sharedParts ??= {
    preload: join(BUILT, '..', 'preload', 'index.cjs'),
    engine: { ...enginePaths(app.isPackaged, join(BUILT, '..', '..'), process.resourcesPath), log: LOG },
    log: openLog({ ...LOG, name: 'window' }),
    kept: new KeptStateFile(join(app.getPath('userData'), 'window.json')),
    openLogs: () => void openLogs(),
    open,
    onChange: setMenu,
  })
}

function open(choice: WorkspaceChoice): void {
  const { kept } = shared()
  kept.change(withRecent(kept.state, choice.workspace))
  windows.open(choice)
  setMenu()
}

function front(): AppWindow | undefined {
  return windows.all.find(({ native }) => native.isFocused()) ?? windows.all.at(-1)
}

function setMenu(): void {
  const window = front()
  const template = menuTemplate({
    newWorkspace: () => void window?.bridge.newWorkspace(),
    openWorkspace: () => void window?.bridge.openWorkspace(),
    openRecent: (workspace) => open({ workspace, whenMissing: 'fail' }),
    recent: shared().kept.state.recent,
    restartEngine: () => window?.restartEngine(),
    openLogs: () => void openLogs(),
    commands: window?.page().commands ?? [],
    send: (event) => window?.send(event),
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

async function openLogs(): Promise<void> {
  await mkdir(LOG.folder, { recursive: true })
  await shell.openPath(LOG.folder)
}

app.enableSandbox()
const opened = new OpenedFiles(app)
const first = holdSingleInstance(app, (args, folder) => {
  if (namedWorkspace(args) === undefined) front()?.show()
  else open(chooseWorkspace(args, SAMPLE, folder))
})
if (first) {
  quitInOrder(app, () => windows.quit())
  app.on('browser-window-focus', setMenu)
  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession)
    answerBridge(ipcMain, (id) => windows.all.find(({ native }) => native.webContents.id === id)?.bridge)
    const count = opened.start((workspace) => open({ workspace, whenMissing: 'fail' }))
    if (count === 0) open(chooseWorkspace(process.argv.slice(1), SAMPLE, process.cwd()))
  })
}

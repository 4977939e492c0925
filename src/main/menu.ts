import type { MenuItemConstructorOptions } from 'electron'
import type { MenuEvent } from '../shared/desktop.ts'

export interface MenuActions {
  newWorkspace: () => void
  openWorkspace: () => void
  restartEngine: () => void
  openLogs: () => void
  /** Goes on with one of the recent workspaces. */
  openRecent: (workspace: string) => void
  /** Paths, the latest first. */
  recent: readonly string[]
  send: (event: MenuEvent) => void
}

const SCREENS = ['Runs', 'Review', 'Compare', 'Calibrate', 'Figures', 'Export', 'Settings']

/** The menu bar. Screens get what concerns them as an event. */
export function menuTemplate(
  { newWorkspace, openWorkspace, restartEngine, openLogs, openRecent, recent, send }: MenuActions,
  platform: NodeJS.Platform = process.platform,
): MenuItemConstructorOptions[] {
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { label: 'New workspace…', accelerator: 'CmdOrCtrl+N', click: newWorkspace },
        { label: 'Open workspace…', accelerator: 'CmdOrCtrl+O', click: openWorkspace },
        {
          label: 'Open recent',
          enabled: recent.length > 0,
          submenu: recent.map((path) => ({ label: path, click: () => openRecent(path) })),
        },
        { type: 'separator' },
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'Go',
      submenu: [
        ...SCREENS.map((label, index) => ({
          label,
          accelerator: `CmdOrCtrl+${index + 1}`,
          click: () => send({ action: 'go', path: `/${label.toLowerCase()}` }),
        })),
        { type: 'separator' as const },
        { label: 'Commands…', click: () => send({ action: 'palette' }) },
      ],
    },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      role: 'help',
      submenu: [
        { label: 'Keys', click: () => send({ action: 'keys' }) },
        { label: 'Restart engine', click: restartEngine },
        { label: 'Open log folder', click: openLogs },
      ],
    },
  ]
}

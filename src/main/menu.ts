import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand, MenuEvent } from '../shared/desktop.ts'
import { acceleratorOf } from './accelerator.ts'

export interface MenuActions {
  newWorkspace: () => void
  openWorkspace: () => void
  restartEngine: () => void
  openLogs: () => void
  /** Goes on with one of the recent workspaces. */
  openRecent: (workspace: string) => void
  /** Paths, the latest first. */
  recent: readonly string[]
  /** What the palette of the window in front offers; none while it shows no screen. */
  commands: readonly MenuCommand[]
  send: (event: MenuEvent) => void
}

/** Groups of commands that stand in a menu of that name beside other entries. */
const OWN_MENUS = ['Go', 'View', 'Help']

/** The menu bar: what concerns windows and files, and every command of the palette with its key. */
export function menuTemplate(
  actions: MenuActions,
  platform: NodeJS.Platform = process.platform,
): MenuItemConstructorOptions[] {
  const { commands, send } = actions
  const itemsOf = (group: string): MenuItemConstructorOptions[] =>
    commands.filter((command) => command.group === group).map((command) => itemOf(command, send, platform))
  const groups = [...new Set(commands.map(({ group }) => group))].filter(
    (group) => !OWN_MENUS.includes(group),
  )
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    fileMenu(actions, platform),
    { role: 'editMenu' },
    { label: 'Go', enabled: commands.length > 0, submenu: numbered(itemsOf('Go')) },
    {
      label: 'Commands',
      enabled: groups.length > 0,
      submenu: groups.map((group) => ({ label: group, submenu: itemsOf(group) })),
    },
    {
      label: 'View',
      submenu: [
        ...itemsOf('View'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        ...itemsOf('Help'),
        { type: 'separator' },
        { label: 'Restart engine', click: actions.restartEngine },
        { label: 'Open log folder', click: actions.openLogs },
      ],
    },
  ]
}

function fileMenu(
  { newWorkspace, openWorkspace, openRecent, recent }: MenuActions,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions {
  return {
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
      { role: 'close' },
      ...(platform === 'darwin' ? [] : [{ role: 'quit' } as const]),
    ],
  }
}

/** Screens have a number as their key, which the menu listens for itself. */
function numbered(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.map((item, index) => ({ ...item, accelerator: `CmdOrCtrl+${index + 1}` }))
}

/**
 * The page listens for its keys: a menu that took them would also take them from a field that is typed into. It shows them,
 * on macOS behind the title, since a key that a menu shows there is one that it takes.
 */
function itemOf(
  { id, title, chord }: MenuCommand,
  send: MenuActions['send'],
  platform: NodeJS.Platform,
): MenuItemConstructorOptions {
  const click = (): void => send({ action: 'run', id })
  const accelerator = chord === null ? null : acceleratorOf(chord)
  if (accelerator === null) return { label: title, click }
  if (platform === 'darwin') return { label: `${title} (${accelerator})`, click }
  return { label: title, accelerator, registerAccelerator: false, click }
}

/** What the desktop menu asks the screens to do, or the window has to say on them. */
export type MenuEvent = { action: 'run'; id: string } | ({ action: 'say' } & Message)

/** What the window says on a page: what happened, and more about it. */
export interface Message {
  title: string
  detail: string
}

/** A command that the screens offer, as the menu shows it. */
export interface MenuCommand {
  id: string
  title: string
  group: string
  /** In the grammar of shared/keys.ts; null: no key. */
  chord: string | null
}

/** What the window has to know of its page: the palette's commands, and what closing would interrupt. */
export interface PageState {
  commands: MenuCommand[]
  /** A verdict is not on disk yet. */
  saving: boolean
  /** Name of the job that runs or waits to run; null: none. */
  job: string | null
}

/** Most characters of a title that a page tells. */
export const LONGEST_TITLE = 300

/** Most commands that a page may offer. */
export const MOST_COMMANDS = 500

/** Most files of one drop that are looked at. */
export const MOST_DROPPED = 1000

/** Most characters of a verdict that the window keeps for a page. */
export const MOST_UNSAVED = 2 * 1024 * 1024

/** `window.heatproof`, in the desktop window only: native dialogs, the menu, what closing would interrupt and the verdict that is not saved, nothing else. */
export interface DesktopBridge {
  /** Lets the user choose a folder, which exports may then be written to; null: cancelled. */
  chooseExportFolder: () => Promise<string | null>
  /** Lets the user choose a workspace and opens it in a window of its own. */
  openWorkspace: () => Promise<void>
  /** Lets the user name a new workspace and opens it in a window of its own. */
  newWorkspace: () => Promise<void>
  /** Lets the window remember a verdict that is not saved, until it is called with null: a page at another port finds it. */
  keepUnsaved: (verdict: string | null) => Promise<void>
  /** What {@link DesktopBridge.keepUnsaved} was given last. */
  unsaved: () => Promise<string | null>
  /** Tells the window what the page offers and does; again whenever that changes. */
  tell: (state: PageState) => Promise<void>
  /** Calls the listener for every menu event until the returned function is called. */
  onMenu: (listener: (event: MenuEvent) => void) => () => void
}

/** Names of the channels between the preload script and the main process. */
export const DESKTOP_CHANNELS = {
  chooseExportFolder: 'dialog:choose-export-folder',
  openWorkspace: 'dialog:open-workspace',
  newWorkspace: 'dialog:new-workspace',
  keepUnsaved: 'unsaved:keep',
  unsaved: 'unsaved:get',
  tell: 'page:tell',
  openDropped: 'files:dropped',
  menu: 'menu',
} as const

/** What the desktop menu asks the screens to do, or the window has to say on them. */
export type MenuEvent =
  | { action: 'go'; path: string }
  | { action: 'palette' }
  | { action: 'keys' }
  | { action: 'say'; text: string }

/** Most characters of a verdict that the window keeps for a page. */
export const MOST_UNSAVED = 2 * 1024 * 1024

/** `window.heatproof`, in the desktop window only: native dialogs, menu events and the verdict that is not saved, nothing else. */
export interface DesktopBridge {
  /** Lets the user choose a folder, which exports may then be written to; null: cancelled. */
  chooseExportFolder: () => Promise<string | null>
  /** Lets the user choose a workspace and goes on in it. */
  openWorkspace: () => Promise<void>
  /** Lets the user name a new workspace and goes on in it. */
  newWorkspace: () => Promise<void>
  /** Lets the window remember a verdict that is not saved, until it is called with null: a page at another port finds it. */
  keepUnsaved: (verdict: string | null) => Promise<void>
  /** What {@link DesktopBridge.keepUnsaved} was given last. */
  unsaved: () => Promise<string | null>
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
  menu: 'menu',
} as const

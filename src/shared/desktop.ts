/** What the desktop menu asks the screens to do. */
export type MenuEvent = { action: 'go'; path: string } | { action: 'palette' } | { action: 'keys' }

/** `window.heatproof`, in the desktop window only: native dialogs and menu events, nothing else. */
export interface DesktopBridge {
  /** Lets the user choose a folder, which exports may then be written to; null: cancelled. */
  chooseExportFolder: () => Promise<string | null>
  /** Lets the user choose a workspace and goes on in it. */
  openWorkspace: () => Promise<void>
  /** Lets the user name a new workspace and goes on in it. */
  newWorkspace: () => Promise<void>
  /** Calls the listener for every menu event until the returned function is called. */
  onMenu: (listener: (event: MenuEvent) => void) => () => void
}

/** Names of the channels between the preload script and the main process. */
export const DESKTOP_CHANNELS = {
  chooseExportFolder: 'dialog:choose-export-folder',
  openWorkspace: 'dialog:open-workspace',
  newWorkspace: 'dialog:new-workspace',
  menu: 'menu',
} as const

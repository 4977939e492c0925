import type { IpcRenderer } from 'electron'
import { DESKTOP_CHANNELS, type DesktopBridge, type MenuEvent } from '../shared/desktop.ts'

type Ipc = Pick<IpcRenderer, 'invoke' | 'on' | 'off'>

/** The one object that screens get. No channel name, event or argument of theirs passes through it. */
export function createBridge(ipc: Ipc): DesktopBridge {
  return {
    chooseExportFolder: () => ipc.invoke(DESKTOP_CHANNELS.chooseExportFolder) as Promise<string | null>,
    openWorkspace: () => ipc.invoke(DESKTOP_CHANNELS.openWorkspace) as Promise<void>,
    newWorkspace: () => ipc.invoke(DESKTOP_CHANNELS.newWorkspace) as Promise<void>,
    onMenu: (listener) => {
      const forward = (_event: unknown, menuEvent: MenuEvent): void => listener(menuEvent)
      ipc.on(DESKTOP_CHANNELS.menu, forward)
      return () => void ipc.off(DESKTOP_CHANNELS.menu, forward)
    },
  }
}

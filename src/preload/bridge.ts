import type { IpcRenderer } from 'electron'
import { DESKTOP_CHANNELS, type DesktopBridge, type MenuEvent } from '../shared/desktop.ts'

type Ipc = Pick<IpcRenderer, 'invoke' | 'on' | 'off'>

/** The one object that screens get. No channel name or event of theirs passes through it, and no argument but the text of a verdict and the state of the page. */
export function createBridge(ipc: Ipc): DesktopBridge {
  return {
    chooseExportFolder: () => ipc.invoke(DESKTOP_CHANNELS.chooseExportFolder) as Promise<string | null>,
    openWorkspace: () => ipc.invoke(DESKTOP_CHANNELS.openWorkspace) as Promise<void>,
    newWorkspace: () => ipc.invoke(DESKTOP_CHANNELS.newWorkspace) as Promise<void>,
    keepUnsaved: (verdict) => ipc.invoke(DESKTOP_CHANNELS.keepUnsaved, verdict) as Promise<void>,
    unsaved: () => ipc.invoke(DESKTOP_CHANNELS.unsaved) as Promise<string | null>,
    tell: (state) => ipc.invoke(DESKTOP_CHANNELS.tell, state) as Promise<void>,
    onMenu: (listener) => {
      const forward = (_event: unknown, menuEvent: MenuEvent): void => listener(menuEvent)
      ipc.on(DESKTOP_CHANNELS.menu, forward)
      return () => void ipc.off(DESKTOP_CHANNELS.menu, forward)
    },
  }
}

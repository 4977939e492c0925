import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { DESKTOP_CHANNELS } from '../shared/desktop.ts'
import { createBridge } from './bridge.ts'
import { openDropped, type DropNeeds } from './drop.ts'

contextBridge.exposeInMainWorld('heatproof', createBridge(ipcRenderer))
openDropped({
  target: globalThis as unknown as DropNeeds['target'],
  pathOf: (file) => webUtils.getPathForFile(file),
  open: (paths) => void ipcRenderer.invoke(DESKTOP_CHANNELS.openDropped, paths),
})

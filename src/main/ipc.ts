import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { DESKTOP_CHANNELS } from '../shared/desktop.ts'
import { mayNavigate } from './navigation.ts'

export interface BridgeActions {
  chooseExportFolder: () => Promise<string | null>
  openWorkspace: () => Promise<void>
  newWorkspace: () => Promise<void>
}

/** Answers the preload script's calls, and only those of a page of the engine. */
export function answerBridge(
  ipc: Pick<IpcMain, 'handle'>,
  actions: BridgeActions,
  engineOrigin: () => string | undefined,
): void {
  const answer = (channel: string, action: () => Promise<unknown>): void =>
    ipc.handle(channel, (event: IpcMainInvokeEvent) => {
      if (!mayNavigate(event.senderFrame?.url ?? '', engineOrigin())) throw new Error('forbidden')
      return action()
    })
  answer(DESKTOP_CHANNELS.chooseExportFolder, actions.chooseExportFolder)
  answer(DESKTOP_CHANNELS.openWorkspace, actions.openWorkspace)
  answer(DESKTOP_CHANNELS.newWorkspace, actions.newWorkspace)
}

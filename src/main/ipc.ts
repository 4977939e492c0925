import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import { DESKTOP_CHANNELS, MOST_UNSAVED } from '../shared/desktop.ts'
import { mayNavigate } from './navigation.ts'

export interface BridgeActions {
  chooseExportFolder: () => Promise<string | null>
  openWorkspace: () => Promise<void>
  newWorkspace: () => Promise<void>
  keepUnsaved: (verdict: string | null) => void
  unsaved: () => string | null
}

const Unsaved = z.string().max(MOST_UNSAVED).nullable()

/** Answers the preload script's calls, and only those of a page of the engine. */
export function answerBridge(
  ipc: Pick<IpcMain, 'handle'>,
  actions: BridgeActions,
  engineOrigin: () => string | undefined,
): void {
  const answer = (channel: string, action: (given: unknown) => unknown): void =>
    ipc.handle(channel, (event: IpcMainInvokeEvent, given: unknown) => {
      if (!mayNavigate(event.senderFrame?.url ?? '', engineOrigin())) throw new Error('forbidden')
      return action(given)
    })
  answer(DESKTOP_CHANNELS.chooseExportFolder, () => actions.chooseExportFolder())
  answer(DESKTOP_CHANNELS.openWorkspace, () => actions.openWorkspace())
  answer(DESKTOP_CHANNELS.newWorkspace, () => actions.newWorkspace())
  answer(DESKTOP_CHANNELS.keepUnsaved, (given) => actions.keepUnsaved(Unsaved.parse(given)))
  answer(DESKTOP_CHANNELS.unsaved, () => actions.unsaved())
}

import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import {
  DESKTOP_CHANNELS,
  LONGEST_TITLE,
  MOST_COMMANDS,
  MOST_DROPPED,
  MOST_UNSAVED,
  type PageState,
} from '../shared/desktop.ts'
import { mayNavigate } from './navigation.ts'

/** What a page may ask of its window. */
export interface BridgeActions {
  /** Where the window's engine is; undefined while it shows none. */
  origin: () => string | undefined
  chooseExportFolder: () => Promise<string | null>
  openWorkspace: () => Promise<void>
  newWorkspace: () => Promise<void>
  keepUnsaved: (verdict: string | null) => void
  unsaved: () => string | null
  tell: (state: PageState) => void
  /** Opens the workspaces among files that were dragged onto the window, given their paths. */
  openDropped: (paths: readonly string[]) => void
}

const Unsaved = z.string().max(MOST_UNSAVED).nullable()
const Text = z.string().max(LONGEST_TITLE)
const State = z.object({
  commands: z
    .array(z.object({ id: Text, title: Text, group: Text, chord: Text.nullable() }))
    .max(MOST_COMMANDS),
  saving: z.boolean(),
  job: Text.nullable(),
})
const Dropped = z.array(z.string().min(1).max(4096)).min(1).max(MOST_DROPPED)

/**
 * Answers the preload script's calls, and only those of a page of the engine that fills its window.
 *
 * @param windowOf what a window does, by the id of its contents; undefined: no window of ours
 */
export function answerBridge(
  ipc: Pick<IpcMain, 'handle'>,
  windowOf: (contents: number) => BridgeActions | undefined,
): void {
  const answer = (channel: string, action: (window: BridgeActions, given: unknown) => unknown): void =>
    ipc.handle(channel, (event: IpcMainInvokeEvent, given: unknown) => {
      const window = windowOf(event.sender.id)
      const frame = event.senderFrame
      if (window === undefined || frame?.parent !== null || !mayNavigate(frame.url, window.origin())) {
        throw new Error('forbidden')
      }
      return action(window, given)
    })
  answer(DESKTOP_CHANNELS.chooseExportFolder, (window) => window.chooseExportFolder())
  answer(DESKTOP_CHANNELS.openWorkspace, (window) => window.openWorkspace())
  answer(DESKTOP_CHANNELS.newWorkspace, (window) => window.newWorkspace())
  answer(DESKTOP_CHANNELS.keepUnsaved, (window, given) => window.keepUnsaved(Unsaved.parse(given)))
  answer(DESKTOP_CHANNELS.unsaved, (window) => window.unsaved())
  answer(DESKTOP_CHANNELS.tell, (window, given) => window.tell(State.parse(given)))
  answer(DESKTOP_CHANNELS.openDropped, (window, given) => window.openDropped(Dropped.parse(given)))
}

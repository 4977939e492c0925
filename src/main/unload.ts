import type { WebContents } from 'electron'

/**
 * A page with a verdict that is not saved asks not to be left, and Electron would then stay without a word. Where the window itself
 * goes to another page it goes: the verdict is kept. Where the user closes the window they are asked.
 *
 * @param mayLeave asks the user; false: stay
 */
export function guardUnload(
  contents: Pick<WebContents, 'on'>,
  isClosing: () => boolean,
  mayLeave: () => boolean,
): void {
  contents.on('will-prevent-unload', (event) => {
    if (!isClosing() || mayLeave()) event.preventDefault()
  })
}

/** What a user is asked who closes the window on a verdict that is not saved. */
export const LEAVE_QUESTION = {
  type: 'warning',
  message: 'The last verdict is not saved yet.',
  detail: 'Heatproof is still trying. A verdict that is not saved is lost when the window closes.',
  buttons: ['Stay', 'Close anyway'],
  defaultId: 0,
  cancelId: 0,
} satisfies Electron.MessageBoxSyncOptions

/** The answer to {@link LEAVE_QUESTION} that leaves. */
export const LEAVE = 1

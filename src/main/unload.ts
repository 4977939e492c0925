import type { WebContents } from 'electron'

/**
 * A page with a verdict that is not saved asks not to be left, and Electron would then stay without a word. Whoever closes the
 * window was asked before, and where the window itself goes to another page the verdict is kept: so it is left.
 */
export function leaveFreely(contents: Pick<WebContents, 'on'>): void {
  contents.on('will-prevent-unload', (event) => event.preventDefault())
}

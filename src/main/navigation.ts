import type { WebContents } from 'electron'
import { actionOf, type ProblemAction } from './problem-page.ts'

type Contents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>

/**
 * Whether the window may go to an address by itself: only to pages of the engine that it shows. What a page makes of itself
 * (`blob:`) has the engine's origin and is none of its pages.
 */
export function mayNavigate(url: string, engineOrigin: string | undefined): boolean {
  return engineOrigin !== undefined && URL.canParse(url) && new URL(url).href.startsWith(`${engineOrigin}/`)
}

/**
 * Keeps the window on the engine's pages: no other site, no new window, no embedded view.
 *
 * @param onAction a link of the window's own page of a problem was followed
 */
export function confineNavigation(
  contents: Contents,
  engineOrigin: () => string | undefined,
  onAction: (action: ProblemAction) => void = () => undefined,
): void {
  const refuseOthers = (details: { url: string; preventDefault: () => void }): void => {
    if (!mayNavigate(details.url, engineOrigin())) details.preventDefault()
  }
  contents.on('will-navigate', (details) => {
    refuseOthers(details)
    const action = actionOf(details.url)
    if (action !== undefined && engineOrigin() === undefined) onAction(action)
  })
  contents.on('will-redirect', refuseOthers)
  contents.on('will-frame-navigate', refuseOthers)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

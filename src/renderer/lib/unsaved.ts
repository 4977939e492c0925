import { desktopBridge } from './desktop.ts'

/** Where a verdict that could not be saved outlasts the page. */
export interface UnsavedStore {
  /** @param verdict null: nothing is unsaved any more */
  keep: (verdict: string | null) => void
  kept: () => Promise<string | null>
}

const KEY = 'heatproof.unsaved-verdict'

/** A tab keeps it for its pages of one port. The window keeps it for whichever port its engine has next. */
export function unsavedStore(): UnsavedStore {
  const bridge = desktopBridge()
  if (bridge !== null) {
    return { keep: (verdict) => void bridge.keepUnsaved(verdict), kept: () => bridge.unsaved() }
  }
  return {
    keep: (verdict) => {
      if (verdict === null) sessionStorage.removeItem(KEY)
      else sessionStorage.setItem(KEY, verdict)
    },
    kept: () => Promise.resolve(sessionStorage.getItem(KEY)),
  }
}

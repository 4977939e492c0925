import { z } from 'zod'

/** What the desktop shell adds to the page; absent in a browser. */
interface DesktopBridge {
  /** Asks for a folder in the system's own dialog; null when the user cancels. */
  chooseFolder: () => Promise<string | null>
}

const Bridge = z.custom<DesktopBridge>(
  (value) => typeof value === 'object' && value !== null && 'chooseFolder' in value,
)

/** The desktop shell's bridge, or null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  const found = Bridge.safeParse(Reflect.get(window, 'heatproof'))
  return found.success ? found.data : null
}

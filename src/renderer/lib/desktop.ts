import { z } from 'zod'
import type { DesktopBridge } from '../../shared/desktop.ts'

const Bridge = z.custom<DesktopBridge>(
  (value) => typeof value === 'object' && value !== null && 'chooseExportFolder' in value,
)

/** What the desktop shell adds to the page, or null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  const found = Bridge.safeParse(Reflect.get(window, 'heatproof'))
  return found.success ? found.data : null
}

import type { App } from 'electron'

/**
 * Keeps Heatproof to one window: a second start brings the first to the front and hands its arguments over.
 *
 * @returns whether this is the first; otherwise the process ends
 */
export function holdSingleInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'quit' | 'on'>,
  onSecond: (args: string[], folder: string) => void,
): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return false
  }
  app.on('second-instance', (_event, args, folder) => onSecond(args, folder))
  return true
}

import { ToEngine } from './messages.ts'

/** Longest that closing may take before the process ends anyway, in milliseconds. */
const CLOSE_MS = 10_000

export interface Channel {
  on: (event: 'message' | 'disconnect' | 'SIGTERM' | 'SIGINT', listener: (value: unknown) => void) => unknown
}

export interface ChannelHandlers {
  onMessage: (message: Exclude<ToEngine, { type: 'close' }>) => Promise<void>
  /** Called once: on request, when the parent is gone, or when the system ends the process. */
  onEnd: () => Promise<void>
}

/** Listens to the parent; messages outside the protocol are ignored. */
export function connectToParent(channel: Channel, { onMessage, onEnd }: ChannelHandlers): void {
  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), CLOSE_MS).unref()
    void onEnd()
  }
  channel.on('message', (value) => {
    const { data: message } = ToEngine.safeParse(value)
    if (message?.type === 'close') end()
    else if (message !== undefined) void onMessage(message)
  })
  channel.on('disconnect', end)
  channel.on('SIGTERM', end)
  // Ctrl+C in a terminal reaches the whole group; the window decides when the engine ends.
  channel.on('SIGINT', () => undefined)
}

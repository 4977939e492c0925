import type { EngineEvent } from '../../shared/contract/contract.ts'
import { TAKEN_BACK } from '../../shared/contract/reviewers.ts'

export type EventListener = (event: EngineEvent) => void
/** `onEnd` is called when the engine has closed the stream for good: the token was taken back. */
export type Subscribe = (listener: EventListener, onEnd?: () => void) => () => void

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

/** What a listener is told after a gap: anything may have changed meanwhile. */
const EVERYTHING: EngineEvent = {
  type: 'changed',
  what: [
    ...(['workspace', 'reviewers', 'models', 'runs', 'maps', 'verdicts'] as const),
    ...(['calibrations', 'exports', 'jobs', 'checks', 'filters', 'queues', 'imports'] as const),
  ],
}

/** Calls the listener for every event of the engine until the returned function is called. */
export const subscribe: Subscribe = createEvents(() => new WebSocket('/events'))

/**
 * One socket for all listeners, open while there are any. It connects again after every loss, at growing intervals, and
 * then announces that everything may have changed; after the end of its token it stays closed.
 */
export function createEvents(connect: () => WebSocket, firstWait = FIRST_WAIT_MS): Subscribe {
  const listeners = new Set<{ tell: EventListener; end: (() => void) | undefined }>()
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let losses = 0

  const tell: EventListener = (event) => listeners.forEach((listener) => listener.tell(event))

  const open = (): void => {
    const opened = connect()
    socket = opened
    opened.addEventListener('open', () => {
      if (losses > 0) tell(EVERYTHING)
      losses = 0
    })
    opened.addEventListener('message', (message) => tell(JSON.parse(String(message.data)) as EngineEvent))
    opened.addEventListener('close', ({ code }) => {
      if (code === TAKEN_BACK) listeners.forEach((listener) => listener.end?.())
      else if (socket === opened) timer = setTimeout(open, waitAfter(losses++, firstWait))
    })
  }

  const close = (): void => {
    clearTimeout(timer)
    const closing = socket
    socket = undefined
    losses = 0
    closing?.close()
  }

  return (tell, end) => {
    const entry = { tell, end }
    listeners.add(entry)
    if (listeners.size === 1) open()
    return () => {
      if (listeners.delete(entry) && listeners.size === 0) close()
    }
  }
}

/** Doubles with every loss in a row, in milliseconds. */
export function waitAfter(losses: number, first: number): number {
  return Math.min(first * 2 ** losses, LONGEST_WAIT_MS)
}

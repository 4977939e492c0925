import type { EngineEvent } from '../../shared/contract/contract.ts'

type Table = Extract<EngineEvent, { type: 'changed' }>['what'][number]

/** Between two announcements of changes: eight busy reviewers would else wake each other's pages fifty times a second. */
export const PAUSE_MS = 200

/**
 * Passes the first announcement of a change on at once and all that follow within a pause together after it. Events of
 * jobs are passed on at once, after what was announced before them.
 */
export function fewerEvents(send: (event: EngineEvent) => void): {
  take: (event: EngineEvent) => void
  stop: () => void
} {
  const waiting = new Set<Table>()
  let pause: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    if (waiting.size === 0) return
    send({ type: 'changed', what: [...waiting] })
    waiting.clear()
  }
  const rest = () => {
    pause = setTimeout(() => {
      pause = undefined
      if (waiting.size === 0) return
      flush()
      rest()
    }, PAUSE_MS)
  }
  return {
    take(event) {
      if (event.type !== 'changed') {
        flush()
        send(event)
        return
      }
      for (const table of event.what) waiting.add(table)
      if (pause !== undefined) return
      flush()
      rest()
    },
    stop: () => clearTimeout(pause),
  }
}

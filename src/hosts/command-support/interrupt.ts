import { HeatproofError } from '../../shared/errors.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Runs `work` with a signal that Ctrl+C aborts; a second Ctrl+C ends the process at once. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const release = () => {
    for (const name of SIGNALS) process.off(name, abort)
  }
  const abort = () => {
    release()
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, abort)
  try {
    return await work(controller.signal)
  } finally {
    release()
  }
}

/** @throws HeatproofError `cancelled` after Ctrl+C */
export function throwIfInterrupted(signal: AbortSignal, advice: string): void {
  if (!signal.aborted) return
  throw new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'to go on to the end',
    advice,
  })
}

import { HeatproofError } from '../../shared/errors.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** One Ctrl+C comes twice where npm hands on what the terminal sends to all of its processes: within so many milliseconds. */
const SAME_REQUEST = 500

/** Runs `work` with a signal that Ctrl+C aborts; a second Ctrl+C ends the process at once. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  let requestedAt: number | undefined
  const release = () => {
    for (const name of SIGNALS) process.off(name, stop)
  }
  const stop = (name: NodeJS.Signals) => {
    requestedAt ??= Date.now()
    controller.abort()
    if (Date.now() - requestedAt <= SAME_REQUEST) return
    release()
    process.kill(process.pid, name)
  }
  for (const name of SIGNALS) process.on(name, stop)
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

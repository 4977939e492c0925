import { randomUUID } from 'node:crypto'
import type { Engine } from '../../engine/api/engine.ts'
import { interruptible } from './interrupt.ts'
import { ProgressLine } from './progress-line.ts'

/** Runs a request that tells its progress: on stderr, unless `quiet`; Ctrl+C ends it. @throws HeatproofError `cancelled` */
export async function watchedRequest<Result>(
  engine: Engine,
  { unit, quiet }: { unit: string; quiet: boolean },
  work: (requestId: string) => Result | Promise<Result>,
): Promise<Result> {
  return interruptible(async (signal) => {
    const requestId = randomUUID()
    const progress = new ProgressLine()
    const unsubscribe = engine.subscribe((event) => {
      if (quiet || event.type !== 'progress' || event.requestId !== requestId) return
      progress.show({ done: event.done, total: event.total, unit, secondsLeft: null, detail: '' })
    })
    const cancel = () => void engine.handlers['calibration.cancel']({ requestId })
    signal.addEventListener('abort', cancel)
    try {
      return await work(requestId)
    } finally {
      signal.removeEventListener('abort', cancel)
      unsubscribe()
      progress.end()
    }
  })
}

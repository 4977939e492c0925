import { resolve } from 'node:path'
import type { Engine } from '../../engine/api/engine.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { openWorkspace } from '../open-workspace.ts'
import { interruptible, throwIfInterrupted } from './interrupt.ts'
import { ProgressLine } from './progress-line.ts'

/** Opens the workspace, does the work, and closes it whatever happens. */
export async function withWorkspace<Result>(
  { workspace, backend = 'auto' }: { workspace: string; backend?: BackendName | 'auto' },
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await openWorkspace({
    workspace: resolve(workspace),
    whenMissing: 'fail',
    backend,
    folders: [],
  })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/**
 * Starts a job, shows how far it is on stderr, and gives it when it is done; Ctrl+C stops it at a safe point.
 *
 * @throws HeatproofError `cancelled` (with how to resume), `internal` (the job failed)
 */
export async function runJob(engine: Engine, start: () => Promise<number>, quiet: boolean): Promise<Job> {
  return interruptible(async (signal) => {
    const jobId = await start()
    const progress = new ProgressLine()
    const unsubscribe = engine.subscribe((event) => {
      if (!quiet && event.type === 'job' && event.job.id === jobId) progress.show(event.job)
    })
    const cancel = () => void engine.handlers['jobs.cancel']({ id: jobId })
    signal.addEventListener('abort', cancel)
    try {
      if (signal.aborted) cancel()
      const job = await engine.waitFor(jobId)
      if (job.status === 'done') return job
      throwIfInterrupted(signal, `What was done is kept; go on with --resume ${jobId}.`)
      throw new HeatproofError('internal', {
        found: `a job that is ${job.status}${job.error === null ? '' : `: ${job.error}`}`,
        expected: 'it to be done',
        advice: `Remove the cause, then go on with --resume ${jobId}.`,
      })
    } finally {
      signal.removeEventListener('abort', cancel)
      unsubscribe()
      progress.end()
    }
  })
}

/** The job to run: a new one, or the one that `--resume` names. */
export function startOrResume(
  engine: Engine,
  resume: number | undefined,
  start: () => Promise<{ jobId: number }> | { jobId: number },
): () => Promise<number> {
  return async () => {
    if (resume === undefined) return (await start()).jobId
    return (await engine.handlers['jobs.resume']({ id: resume })).id
  }
}

import { resolve } from 'node:path'
import type { Engine } from '../../engine/api/engine.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { openWorkspace } from '../open-workspace.ts'
import { interruptible, throwIfInterrupted } from './interrupt.ts'
import { ProgressLine } from './progress-line.ts'

export interface WorkspaceUse {
  workspace: string
  backend?: BackendName | 'auto'
  /** Folders that exports may be written to. */
  folders?: readonly string[]
}

/** Opens the workspace, does the work, and closes it whatever happens. Jobs that were left unfinished stay so. */
export async function withWorkspace<Result>(
  { workspace, backend = 'auto', folders = [] }: WorkspaceUse,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await openWorkspace({
    workspace: resolve(workspace),
    whenMissing: 'fail',
    backend,
    resume: false,
    folders,
  })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

export interface JobRun {
  /** Begins the job and gives its id. */
  start: () => Promise<number>
  /** Shows no progress. */
  quiet: boolean
  /** What to do when it was stopped or failed. */
  afterwards: (jobId: number) => string
}

/**
 * Starts a job, shows how far it is on stderr, and gives it when it is done; Ctrl+C stops it at a safe point.
 *
 * @throws HeatproofError `cancelled` (with what to do then), or why the job has failed
 */
export async function runJob(engine: Engine, { start, quiet, afterwards }: JobRun): Promise<Job> {
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
      throwIfInterrupted(signal, afterwards(jobId))
      throw failureOf(engine, job, afterwards(jobId))
    } finally {
      signal.removeEventListener('abort', cancel)
      unsubscribe()
      progress.end()
    }
  })
}

function failureOf(engine: Engine, { id, status }: Job, afterwards: string): HeatproofError {
  const failure = engine.failureOf(id)
  if (failure === undefined) {
    const found = `a job that is ${status}`
    return new HeatproofError('internal', { found, expected: 'it to be done', advice: afterwards })
  }
  if (failure.exitCode === 2) return failure
  const { code, found, expected, advice } = failure
  return new HeatproofError(code, { found, expected, advice: `${advice} ${afterwards}`, cause: failure })
}

import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { Job, JobKind, JobStatus } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { fromSentError, toSentError } from '../compute/sent-error.ts'
import { getJob, insertJob, listJobs, listOpenJobs, updateJob, type StoredJob } from '../workspace/jobs.ts'
import { now } from '../workspace/statements.ts'
import { coerceStorageError } from '../workspace/storage-errors.ts'
import { TimeLeft, type Progress } from './progress.ts'

export type JobKindName = z.infer<typeof JobKind>
type JobStatusName = z.infer<typeof JobStatus>

export interface JobContext {
  jobId: number
  request: unknown
  /** What an earlier attempt had done. */
  done: number
  /** Aborted when the job is cancelled or the engine closes. */
  signal: AbortSignal
  /** Whether the engine closes; the job then goes on later. */
  isClosing: () => boolean
  report: (progress: Progress) => void
  setResult: (id: number) => void
}

/** How a kind of job is done. `run` may be called again for the same job after a stop and goes on from what is stored. */
export interface JobDefinition {
  unit: string
  /** Jobs of one lane run one after the other. Default: a lane for each kind. */
  lane?: string
  run: (context: JobContext) => Promise<void>
}

interface RunningJob {
  controller: AbortController
  /** Whether the engine closes: the job then stays 'running' in the store and goes on after the next start. */
  closing: boolean
  finished: Promise<void>
}

/** At most this many progress rows and events a second for a job. */
const REPORTS_A_SECOND = 5

/**
 * One queue a kind of job, or a lane of several kinds: a long training does not hold up maps, and maps do not hold up an export,
 * but no map is deleted while it is exported.
 */
export class JobQueue {
  readonly #database: Database
  readonly #definitions: Record<JobKindName, JobDefinition>
  readonly #onChange: (job: Job) => void
  readonly #running = new Map<number, RunningJob>()
  /** What this engine works on: what it was given, and of an earlier one what it was told to go on with. */
  readonly #accepted = new Set<number>()
  readonly #secondsLeft = new Map<number, number | null>()
  /** Why jobs failed since the engine was opened: also those whose end the store had no room for. */
  readonly #failures = new Map<number, HeatproofError>()
  #closed = false

  constructor(
    database: Database,
    definitions: Record<JobKindName, JobDefinition>,
    onChange: (job: Job) => void,
  ) {
    this.#database = database
    this.#definitions = definitions
    this.#onChange = onChange
  }

  /** Goes on with what a stopped engine has left. */
  resumeUnfinished(): void {
    for (const { id } of listOpenJobs(this.#database)) this.#accept(id)
    this.#startNext()
  }

  add(kind: JobKindName, title: string, request: unknown): Job {
    const { unit } = this.#definitions[kind]
    const id = insertJob(this.#database, { kind, title, request, unit })
    this.#accept(id)
    this.#changed(id)
    this.#startNext()
    return this.get(id)
  }

  list(limit: number): Job[] {
    return listJobs(this.#database, limit).map((job) => this.#shown(job))
  }

  /** @throws HeatproofError `not_found` */
  get(id: number): Job {
    return this.#shown(this.#stored(id))
  }

  /** Why a job has failed, where it was this queue that ran it. */
  failureOf(id: number): HeatproofError | undefined {
    return this.#failures.get(id)
  }

  /** A running job stops at its next safe point, keeping what it has done. Finished jobs stay as they are. */
  cancel(id: number): Job {
    const job = this.#stored(id)
    const running = this.#running.get(id)
    if (running) running.controller.abort()
    else if (job.status === 'queued') this.#finish(id, 'cancelled', null)
    return this.get(id)
  }

  /**
   * Goes on with a job that was cancelled, failed, or was left unfinished by an engine that is gone.
   *
   * @throws HeatproofError `conflict` when it is done, or this engine works on it
   */
  resume(id: number): Job {
    const { status } = this.#stored(id)
    if (status === 'done' || this.#accepted.has(id)) {
      throw new HeatproofError('conflict', {
        found: `job ${id}, which is ${status}`,
        expected: 'a job that was stopped or failed',
        advice: 'Only such a job can be resumed.',
      })
    }
    updateJob(this.#database, id, { error: null, finishedAt: null })
    this.#accept(id)
    this.#failures.delete(id)
    this.#changed(id)
    this.#startNext()
    return this.get(id)
  }

  /** Resolves when the job is no longer queued or running. */
  async finished(id: number): Promise<Job> {
    for (;;) {
      const running = this.#running.get(id)
      if (running) await running.finished
      else if (this.#accepted.has(id) && !this.#closed) await delay(20)
      else return this.get(id)
    }
  }

  /** Stops every job at a safe point; they stay unfinished in the store. */
  async close(): Promise<void> {
    this.#closed = true
    const running = [...this.#running.values()]
    for (const job of running) {
      job.closing = true
      job.controller.abort()
    }
    await Promise.all(running.map((job) => job.finished))
  }

  #accept(id: number): void {
    this.#accepted.add(id)
    updateJob(this.#database, id, { status: 'queued' })
  }

  #startNext(): void {
    if (this.#closed) return
    const laneOf = ({ kind }: StoredJob) => this.#definitions[kind].lane ?? kind
    const busy = new Set([...this.#running.keys()].map((id) => laneOf(this.#stored(id))))
    for (const job of listOpenJobs(this.#database)) {
      if (!this.#accepted.has(job.id) || job.status !== 'queued' || busy.has(laneOf(job))) continue
      busy.add(laneOf(job))
      const running: RunningJob = {
        controller: new AbortController(),
        closing: false,
        finished: Promise.resolve(),
      }
      this.#running.set(job.id, running)
      running.finished = this.#run(job, running)
    }
  }

  async #run(job: StoredJob, running: RunningJob): Promise<void> {
    const { id } = job
    const { signal } = running.controller
    try {
      updateJob(this.#database, id, { status: 'running', startedAt: job.startedAt ?? now() })
      this.#changed(id)
      await this.#definitions[job.kind].run({
        jobId: id,
        request: job.request,
        done: job.done,
        signal,
        isClosing: () => running.closing,
        report: this.#reporter(id),
        setResult: (resultId) => {
          updateJob(this.#database, id, { resultId })
        },
      })
      this.#finish(id, 'done', null)
    } catch (error) {
      if (!running.closing && !signal.aborted) this.#failures.set(id, this.#failureBy(error))
      this.#stopped(id, running)
    } finally {
      this.#running.delete(id)
      this.#accepted.delete(id)
      this.#secondsLeft.delete(id)
      this.#startNext()
    }
  }

  #failureBy(error: unknown): HeatproofError {
    const failure = coerceStorageError(error, this.#database.name)
    return failure instanceof HeatproofError ? failure : fromSentError(toSentError(failure))
  }

  /** Stores that a job did not get to its end. Without room for that it stays open, and goes on after the next start. */
  #stopped(id: number, { closing }: RunningJob): void {
    const failure = this.#failures.get(id)
    try {
      if (closing) updateJob(this.#database, id, { status: 'queued' })
      else this.#finish(id, failure === undefined ? 'cancelled' : 'failed', failure?.message ?? null)
    } catch (error) {
      this.#failures.set(id, failure ?? this.#failureBy(error))
      this.#changed(id)
    }
  }

  #reporter(id: number): (progress: Progress) => void {
    const timeLeft = new TimeLeft(Date.now())
    let reportedAt = 0
    return (progress) => {
      const at = Date.now()
      this.#secondsLeft.set(id, timeLeft.estimate(progress, at))
      const last = progress.done >= progress.total
      if (!last && at - reportedAt < 1000 / REPORTS_A_SECOND) return
      reportedAt = at
      updateJob(this.#database, id, progress)
      this.#changed(id)
    }
  }

  #finish(id: number, status: JobStatusName, error: string | null): void {
    this.#accepted.delete(id)
    this.#secondsLeft.delete(id)
    updateJob(this.#database, id, { status, error, finishedAt: now() })
    this.#changed(id)
  }

  #changed(id: number): void {
    this.#onChange(this.get(id))
  }

  #stored(id: number): StoredJob {
    const job = getJob(this.#database, id)
    if (job !== undefined) return job
    throw new HeatproofError('not_found', {
      found: `no job ${id}`,
      expected: 'the id of a job of this workspace',
      advice: 'See the list of jobs.',
    })
  }

  #shown({ request, ...job }: StoredJob): Job {
    const failure = this.#failures.get(job.id)
    const end = failure === undefined ? {} : { status: 'failed' as const, error: failure.message }
    return { ...job, ...end, secondsLeft: this.#secondsLeft.get(job.id) ?? null }
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

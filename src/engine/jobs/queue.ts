import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { Job, JobKind, JobStatus } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { toSentError } from '../compute/sent-error.ts'
import { getJob, insertJob, listJobs, listOpenJobs, updateJob, type StoredJob } from '../workspace/jobs.ts'
import { now } from '../workspace/statements.ts'
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
  report: (progress: Progress) => void
  setResult: (id: number) => void
}

/** How a kind of job is done. `run` may be called again for the same job after a stop and goes on from what is stored. */
export interface JobDefinition {
  unit: string
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

/** One queue a kind of job: a long training does not hold up maps, and maps do not hold up an export. */
export class JobQueue {
  readonly #database: Database
  readonly #definitions: Record<JobKindName, JobDefinition>
  readonly #onChange: (job: Job) => void
  readonly #running = new Map<number, RunningJob>()
  readonly #secondsLeft = new Map<number, number | null>()
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
    for (const job of listOpenJobs(this.#database)) updateJob(this.#database, job.id, { status: 'queued' })
    this.#startNext()
  }

  add(kind: JobKindName, title: string, request: unknown): Job {
    const { unit } = this.#definitions[kind]
    const id = insertJob(this.#database, { kind, title, request, unit })
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

  /** A running job stops at its next safe point, keeping what it has done. Finished jobs stay as they are. */
  cancel(id: number): Job {
    const job = this.#stored(id)
    const running = this.#running.get(id)
    if (running) running.controller.abort()
    else if (job.status === 'queued') this.#finish(id, 'cancelled', null)
    return this.get(id)
  }

  /** @throws HeatproofError `conflict` when the job is not a cancelled or failed one */
  resume(id: number): Job {
    const job = this.#stored(id)
    if (job.status !== 'cancelled' && job.status !== 'failed') {
      throw new HeatproofError('conflict', {
        found: `job ${id}, which is ${job.status}`,
        expected: 'a cancelled or failed job',
        advice: 'Only such a job can be resumed.',
      })
    }
    updateJob(this.#database, id, { status: 'queued', error: null, finishedAt: null })
    this.#changed(id)
    this.#startNext()
    return this.get(id)
  }

  /** Resolves when the job is no longer queued or running. */
  async finished(id: number): Promise<Job> {
    for (;;) {
      const running = this.#running.get(id)
      if (running) await running.finished
      else if (this.#stored(id).status === 'queued' && !this.#closed) await delay(20)
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

  #startNext(): void {
    if (this.#closed) return
    const busy = new Set([...this.#running.keys()].map((id) => this.#stored(id).kind))
    for (const job of listOpenJobs(this.#database)) {
      if (job.status !== 'queued' || busy.has(job.kind)) continue
      busy.add(job.kind)
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
    updateJob(this.#database, id, { status: 'running', startedAt: job.startedAt ?? now() })
    this.#changed(id)
    try {
      await this.#definitions[job.kind].run({
        jobId: id,
        request: job.request,
        done: job.done,
        signal,
        report: this.#reporter(id),
        setResult: (resultId) => {
          updateJob(this.#database, id, { resultId })
        },
      })
      this.#finish(id, 'done', null)
    } catch (error) {
      if (running.closing) updateJob(this.#database, id, { status: 'queued' })
      else if (signal.aborted) this.#finish(id, 'cancelled', null)
      else this.#finish(id, 'failed', messageOf(error))
    } finally {
      this.#running.delete(id)
      this.#secondsLeft.delete(id)
      this.#startNext()
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
    return { ...job, secondsLeft: this.#secondsLeft.get(job.id) ?? null }
  }
}

function messageOf(error: unknown): string {
  const { found, expected, advice } = toSentError(error)
  return `Found ${found}; expected ${expected}. ${advice}`
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

import { z } from 'zod'
import { Id, Instant } from './common.ts'

export const JobKind = z.enum([
  'train',
  'explain',
  'score',
  'export',
  'sanity',
  'remove',
  'remove-set',
  'import',
])
export const JobStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])

export const Job = z.object({
  id: Id,
  kind: JobKind,
  title: z.string(),
  status: JobStatus,
  /** Work done and in all, in `unit`s; total 0 while it is not known. */
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  secondsLeft: z.number().nullable(),
  /** What is being done now, e.g. `epoch 3 of 14`. */
  detail: z.string(),
  error: z.string().nullable(),
  /** Id of what the job makes: a run, a model, an export, an import or a sanity check; of `remove`: the run that goes, of `remove-set`: the set. */
  resultId: Id.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
})
export type Job = z.infer<typeof Job>

export const jobsContract = {
  /** Newest first. */
  'jobs.list': { input: z.object({ limit: z.int().min(1).max(500).default(50) }), output: z.array(Job) },
  'jobs.get': { input: z.object({ id: Id }), output: Job },
  'jobs.cancel': { input: z.object({ id: Id }), output: Job },
  /** Puts a cancelled or failed job back into the queue; it goes on where it stopped. */
  'jobs.resume': { input: z.object({ id: Id }), output: Job },
}

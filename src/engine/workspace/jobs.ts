import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { CurvePoint } from '../../shared/contract/runs.ts'
import { Job, type JobKind } from '../../shared/contract/jobs.ts'
import { Blob, json } from './blobs.ts'
import { execute, insert, now, prepared, selectAll, selectOne, transact } from './statements.ts'

const JobRow = z.object({
  ...Job.omit({ secondsLeft: true }).shape,
  request: json(z.unknown()),
})
export type StoredJob = z.infer<typeof JobRow>

const SELECT_JOBS = `
  SELECT id, kind, title, request_json AS request, status, done, total, unit, detail, error, result_id AS resultId,
    created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt
  FROM jobs`

/** Newest first. */
export function listJobs(database: Database, limit: number): StoredJob[] {
  return selectAll(database, JobRow, `${SELECT_JOBS} ORDER BY id DESC LIMIT @limit`, { limit })
}

export function getJob(database: Database, id: number): StoredJob | undefined {
  return selectOne(database, JobRow, `${SELECT_JOBS} WHERE id = @id`, { id })
}

/** Jobs that wait or were running, oldest first: what a restarted engine goes on with. */
export function listOpenJobs(database: Database): StoredJob[] {
  return selectAll(database, JobRow, `${SELECT_JOBS} WHERE status IN ('queued', 'running') ORDER BY id`)
}

export interface NewJob {
  kind: z.infer<typeof JobKind>
  title: string
  request: unknown
  unit: string
  total?: number
  resultId?: number
}

export function insertJob(database: Database, job: NewJob): number {
  const { kind, title, request, unit, total = 0, resultId = null } = job
  return insert(
    database,
    `INSERT INTO jobs (kind, title, request_json, status, unit, total, result_id, created_at)
     VALUES (@kind, @title, @request, 'queued', @unit, @total, @resultId, @createdAt)`,
    { kind, title, request: JSON.stringify(request), unit, total, resultId, createdAt: now() },
  )
}

export type JobChange = Partial<
  Pick<
    StoredJob,
    'status' | 'done' | 'total' | 'unit' | 'detail' | 'error' | 'resultId' | 'startedAt' | 'finishedAt'
  >
>

const CHANGE_COLUMNS = {
  status: 'status',
  done: 'done',
  total: 'total',
  unit: 'unit',
  detail: 'detail',
  error: 'error',
  resultId: 'result_id',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
} as const satisfies Record<keyof JobChange, string>

/** Changes the given fields and leaves the others. */
export function updateJob(database: Database, id: number, change: JobChange): void {
  const assignments = Object.entries(CHANGE_COLUMNS)
    .filter(([field]) => field in change)
    .map(([field, column]) => `${column} = @${field}`)
  if (assignments.length === 0) return
  execute(database, `UPDATE jobs SET ${assignments.join(', ')} WHERE id = @id`, { ...change, id })
}

const CheckpointRow = z.object({ epoch: z.int(), step: z.int(), state: Blob, createdAt: z.string() })
export type Checkpoint = z.infer<typeof CheckpointRow>

/** Replaces the job's checkpoint, together with the curve points since the one before. */
export function saveCheckpoint(
  database: Database,
  jobId: number,
  checkpoint: { epoch: number; step: number; state: Uint8Array },
  points: readonly CurvePoint[] = [],
): void {
  transact(database, () => {
    execute(
      database,
      `INSERT INTO checkpoints (job_id, epoch, step, created_at, state) VALUES (@jobId, @epoch, @step, @createdAt, @state)
       ON CONFLICT (job_id) DO UPDATE SET epoch = excluded.epoch, step = excluded.step,
         created_at = excluded.created_at, state = excluded.state`,
      { jobId, ...checkpoint, createdAt: now() },
    )
    insertCurvePoints(database, jobId, points)
  })
}

export function loadCheckpoint(database: Database, jobId: number): Checkpoint | undefined {
  return selectOne(
    database,
    CheckpointRow,
    'SELECT epoch, step, state, created_at AS createdAt FROM checkpoints WHERE job_id = @jobId',
    { jobId },
  )
}

export function deleteCheckpoint(database: Database, jobId: number): void {
  execute(database, 'DELETE FROM checkpoints WHERE job_id = @jobId', { jobId })
}

/** A step that is there already is replaced: a resumed job repeats the steps after its checkpoint. */
export function insertCurvePoints(database: Database, jobId: number, points: readonly CurvePoint[]): void {
  transact(database, () => {
    const statement = prepared(
      database,
      `INSERT INTO curve_points (job_id, step, epoch, loss, accuracy, validation)
       VALUES (@jobId, @step, @epoch, @loss, @accuracy, @validation)
       ON CONFLICT (job_id, step) DO UPDATE SET epoch = excluded.epoch, loss = excluded.loss,
         accuracy = excluded.accuracy, validation = excluded.validation`,
    )
    for (const point of points) statement.run({ jobId, ...point })
  })
}

export function listCurvePoints(database: Database, jobId: number): CurvePoint[] {
  return selectAll(
    database,
    CurvePoint,
    'SELECT epoch, step, loss, accuracy, validation FROM curve_points WHERE job_id = @jobId ORDER BY step',
    { jobId },
  )
}

/**
 * Whether a job that records its result at its end has done so: the engine may have stopped between that and the end of the job,
 * which must not record it again.
 */
export function hasResult(database: Database, id: number): boolean {
  return (getJob(database, id)?.resultId ?? null) !== null
}

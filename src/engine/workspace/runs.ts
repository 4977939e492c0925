import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { MethodId } from '../../shared/contract/common.ts'
import { RunRequest, SetRunRequest, Shard, Target, targetOfText } from '../../shared/contract/runs.ts'
import { json } from './blobs.ts'
import { execute, insert, now, selectAll, selectNumber, selectOne } from './statements.ts'

/** What decides which maps a run consists of. */
export interface RunPlan {
  sampleSetId: number
  /** The first so many samples of the set. */
  sampleCount: number
  modelIds: number[]
  methods: string[]
  target: Target
  seed: number
  /** Absent: all of the samples. */
  shard?: Shard | undefined
}

/** A run whose maps other machines have computed: which parts of it are there, and from which files. */
export const MergedRun = RunRequest.omit({ shard: true }).extend({
  shards: z.array(z.object({ shard: Shard, sha256: z.string() })),
})
export type MergedRun = z.infer<typeof MergedRun>

const ImportedRun = z.object({ importedFrom: z.string() })

/** What a run was made from: a request to compute maps, shards of one, or a path that they were imported from. */
export const RunOrigin = z.union([MergedRun, RunRequest, SetRunRequest, ImportedRun])
type RunOrigin = z.infer<typeof RunOrigin>

export interface NewRun extends Omit<RunPlan, 'shard'> {
  title: string
  request: RunOrigin
  versions: Record<string, string>
  jobId: number | null
}

const RunRow = z.object({
  id: z.int(),
  title: z.string(),
  sampleSetId: z.int(),
  sampleCount: z.int(),
  request: json(RunOrigin),
  modelIds: json(z.array(z.int())),
  methods: json(z.array(MethodId)),
  target: z.string().transform(targetOfText).pipe(Target),
  seed: z.int(),
  backend: z.string().nullable(),
  device: z.string().nullable(),
  versions: json(z.record(z.string(), z.string())),
  seconds: z.number().nullable(),
  jobId: z.int().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** When it was removed; null: it was not. */
  removedAt: z.string().nullable(),
})
export type StoredRun = z.infer<typeof RunRow>

const SELECT_RUNS = `
  SELECT id, title, sample_set_id AS sampleSetId, sample_count AS sampleCount, request_json AS request,
    model_ids_json AS modelIds, methods_json AS methods, target, seed, backend, device, versions_json AS versions, seconds,
    job_id AS jobId, created_at AS createdAt, finished_at AS finishedAt, removed_at AS removedAt
  FROM runs`

/** Newest first, without those that were removed. */
export function listRuns(database: Database): StoredRun[] {
  return selectAll(database, RunRow, `${SELECT_RUNS} WHERE removed_at IS NULL ORDER BY id DESC`)
}

/** A run, also one that was removed: maps that other runs need still say what computed them. */
export function getRun(database: Database, id: number): StoredRun | undefined {
  return selectOne(database, RunRow, `${SELECT_RUNS} WHERE id = @id`, { id })
}

/** Whether the maps of a run were brought from elsewhere. */
export function isImportedRun({ request }: Pick<StoredRun, 'request'>): boolean {
  return ImportedRun.safeParse(request).success
}

/** The run that a job makes. */
export function runOfJob(database: Database, jobId: number): StoredRun | undefined {
  return selectOne(database, RunRow, `${SELECT_RUNS} WHERE job_id = @jobId`, { jobId })
}

/** Says that all maps of an imported run are there. */
export function finishImportedRun(database: Database, id: number): void {
  execute(database, 'UPDATE runs SET finished_at = @at WHERE id = @id', { id, at: now() })
}

export function insertRun(database: Database, run: NewRun): number {
  const { request, modelIds, methods, target, versions, ...rest } = run
  return insert(
    database,
    `INSERT INTO runs (title, sample_set_id, sample_count, request_json, model_ids_json, methods_json, target, seed,
       versions_json, job_id, created_at)
     VALUES (@title, @sampleSetId, @sampleCount, @request, @modelIds, @methods, @target, @seed, @versions, @jobId,
       @createdAt)`,
    {
      ...rest,
      request: JSON.stringify(request),
      modelIds: JSON.stringify(modelIds),
      methods: JSON.stringify(methods),
      target: String(target),
      versions: JSON.stringify(versions),
      createdAt: now(),
    },
  )
}

/** Says what a run is computed on; `seconds` is added to the time of earlier attempts. */
export function updateRun(
  database: Database,
  id: number,
  {
    backend,
    device,
    seconds,
    finished,
  }: { backend: string; device: string; seconds: number; finished: boolean },
): void {
  execute(
    database,
    `UPDATE runs SET backend = @backend, device = @device, seconds = coalesce(seconds, 0) + @seconds,
       finished_at = @finishedAt
     WHERE id = @id`,
    { id, backend, device, seconds, finishedAt: finished ? now() : null },
  )
}

/** Says which shards of a run are there; `whole`: no other is missing. */
export function setRunShards(
  database: Database,
  id: number,
  { request, whole }: { request: MergedRun; whole: boolean },
): void {
  execute(database, `UPDATE runs SET request_json = @request, finished_at = @finishedAt WHERE id = @id`, {
    id,
    request: JSON.stringify(request),
    finishedAt: whole ? now() : null,
  })
}

export function setRunJob(database: Database, id: number, jobId: number): void {
  execute(database, 'UPDATE runs SET job_id = @jobId WHERE id = @id', { id, jobId })
}

/** The one part of a plan that is not cut. */
const WHOLE: Shard = { index: 1, of: 1 }

/** Maps that a plan consists of. */
export function expectedMaps({ sampleCount, modelIds, methods, shard = WHOLE }: RunPlan): number {
  const samples = Math.ceil((sampleCount - shard.index + 1) / shard.of)
  return Math.max(0, samples) * modelIds.length * methods.length
}

/** The samples and methods of a plan whose map the workspace lacks; a predicted target is known once the model predicted. */
const MISSING = `
  FROM samples CROSS JOIN json_each(@methods) AS methods
  LEFT JOIN predictions ON predictions.model_id = @modelId AND predictions.sample_id = samples.id
  WHERE samples.sample_set_id = @sampleSetId AND samples.position < @sampleCount
    AND samples.position % @of = @first
    AND NOT EXISTS (
      SELECT 1 FROM maps
      WHERE maps.sample_id = samples.id AND maps.model_id = @modelId AND maps.method = methods.value
        AND maps.seed = @seed
        AND maps.target = CASE @target
          WHEN 'label' THEN samples.label WHEN 'predicted' THEN predictions.predicted ELSE CAST(@target AS INTEGER) END
    )`

function missingParameters(plan: RunPlan, modelId: number) {
  const { sampleSetId, sampleCount, methods, target, seed, shard = WHOLE } = plan
  return {
    ...{ sampleSetId, sampleCount, methods: JSON.stringify(methods), target: String(target), seed, modelId },
    ...{ of: shard.of, first: shard.index - 1 },
  }
}

/** Maps of a plan that are there already, whichever run made them. Samples that are not stored yet have none. */
export function countPresentMaps(database: Database, plan: RunPlan): number {
  const { sampleSetId, sampleCount, modelIds, methods, shard = WHOLE } = plan
  const stored = selectNumber(
    database,
    `SELECT count(*) FROM samples
     WHERE sample_set_id = @sampleSetId AND position < @sampleCount AND position % @of = @first`,
    { sampleSetId, sampleCount, of: shard.of, first: shard.index - 1 },
  )
  const missing = modelIds.map((modelId) =>
    selectNumber(database, `SELECT count(*) ${MISSING}`, missingParameters(plan, modelId)),
  )
  return stored * modelIds.length * methods.length - missing.reduce((sum, count) => sum + count, 0)
}

export interface MissingMaps {
  modelId: number
  /** In order of position, each with the methods that it lacks. */
  samples: { sampleId: number; methods: string[] }[]
}

const MissingRow = z.object({ sampleId: z.int(), methods: json(z.array(z.string())) })

/** What is left to compute of a run whose samples are stored, model by model; models with nothing missing are left out. */
export function missingMaps(database: Database, plan: RunPlan): MissingMaps[] {
  return plan.modelIds
    .map((modelId) => ({
      modelId,
      samples: selectAll(
        database,
        MissingRow,
        `SELECT samples.id AS sampleId, json_group_array(methods.value ORDER BY methods.key) AS methods ${MISSING}
         GROUP BY samples.position ORDER BY samples.position`,
        missingParameters(plan, modelId),
      ),
    }))
    .filter(({ samples }) => samples.length > 0)
}

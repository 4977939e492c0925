import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import {
  SanityStage,
  SanityValue,
  StoredSanityRequest,
  type SanityRequest,
} from '../../shared/contract/sanity.ts'
import { json } from './blobs.ts'
import { execute, insert, now, prepared, selectAll, selectOne, transact } from './statements.ts'

export interface NewSanityCheck {
  jobId: number
  sampleSetId: number
  request: SanityRequest
  stageNames: string[]
}

const CheckRow = z.object({
  id: z.int(),
  jobId: z.int(),
  sampleSetId: z.int(),
  request: json(StoredSanityRequest),
  stageNames: json(z.array(z.string())),
  createdAt: z.string(),
  stagesDone: z.int(),
})
export type StoredSanityCheck = z.infer<typeof CheckRow>

const SELECT_CHECKS = `
  SELECT id, job_id AS jobId, sample_set_id AS sampleSetId, request_json AS request, stage_names_json AS stageNames,
    created_at AS createdAt, (SELECT count(*) FROM sanity_stages WHERE check_id = sanity_checks.id) AS stagesDone
  FROM sanity_checks`

/** Newest first. */
export function listSanityChecks(database: Database): StoredSanityCheck[] {
  return selectAll(database, CheckRow, `${SELECT_CHECKS} ORDER BY id DESC`)
}

export function getSanityCheck(database: Database, id: number): StoredSanityCheck | undefined {
  return selectOne(database, CheckRow, `${SELECT_CHECKS} WHERE id = @id`, { id })
}

/** The check of a job, made when there is none: a resumed job goes on with its own. */
export function ensureSanityCheck(database: Database, check: NewSanityCheck): StoredSanityCheck {
  return transact(database, () => {
    const { jobId, sampleSetId, request, stageNames } = check
    execute(
      database,
      `INSERT INTO sanity_checks (job_id, model_id, against_id, sample_set_id, request_json, stage_names_json, created_at)
       VALUES (@jobId, @modelId, @againstId, @sampleSetId, @request, @stageNames, @createdAt)
       ON CONFLICT (job_id) DO NOTHING`,
      {
        jobId,
        sampleSetId,
        modelId: request.modelId,
        againstId: request.againstId,
        request: JSON.stringify(request),
        stageNames: JSON.stringify(stageNames),
        createdAt: now(),
      },
    )
    const stored = selectOne(database, CheckRow, `${SELECT_CHECKS} WHERE job_id = @jobId`, { jobId })
    if (stored === undefined) throw new Error('the sanity check was not stored')
    return stored
  })
}

/** Stores a stage with all of its values, or nothing. */
export function insertSanityStage(
  database: Database,
  checkId: number,
  { values, versions, ...stage }: Omit<SanityStage, 'createdAt'>,
): void {
  transact(database, () => {
    insert(
      database,
      `INSERT INTO sanity_stages (check_id, position, name, accuracy, backend, device, versions_json, seconds, created_at)
       VALUES (@checkId, @position, @name, @accuracy, @backend, @device, @versions, @seconds, @createdAt)`,
      { ...stage, checkId, versions: JSON.stringify(versions), createdAt: now() },
    )
    const statement = prepared(
      database,
      `INSERT INTO sanity_values (check_id, position, method, metric, mean, low, high, count, "undefined", no_relevance)
       VALUES (@checkId, @position, @method, @metric, @mean, @low, @high, @count, @undefined, @noRelevance)`,
    )
    for (const value of values) statement.run({ ...value, checkId, position: stage.position })
  })
}

const StageRow = z.object({
  ...SanityStage.omit({ values: true }).shape,
  versions: json(SanityStage.shape.versions),
})
const ValueRow = z.object({ ...SanityValue.shape, position: z.int() })

/** The stages that are done, in their order; values in no order. */
export function listSanityStages(database: Database, checkId: number): SanityStage[] {
  const values = selectAll(
    database,
    ValueRow,
    `SELECT position, method, metric, mean, low, high, count, "undefined", no_relevance AS noRelevance
     FROM sanity_values WHERE check_id = @checkId`,
    { checkId },
  )
  const byStage = Map.groupBy(values, ({ position }) => position)
  return selectAll(
    database,
    StageRow,
    `SELECT position, name, accuracy, backend, device, versions_json AS versions, seconds, created_at AS createdAt
     FROM sanity_stages WHERE check_id = @checkId ORDER BY position`,
    { checkId },
  ).map((stage) => ({
    ...stage,
    values: (byStage.get(stage.position) ?? []).map(({ position: _, ...value }) => value),
  }))
}

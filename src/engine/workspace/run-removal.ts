import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { Flag, json } from './blobs.ts'
import { execute, now, selectAll, selectNumber, transact } from './statements.ts'

/** SQL: whether a run, under this name, made a map or consists of it; knows `maps`, `samples` and `predictions`. */
const consistsOf = (run: string) => `(maps.run_id = ${run}.id OR
  ${run}.sample_set_id = samples.sample_set_id AND ${run}.seed = maps.seed AND ${run}.sample_count > samples.position
  AND maps.target = CASE ${run}.target
    WHEN 'label' THEN samples.label WHEN 'predicted' THEN predictions.predicted ELSE CAST(${run}.target AS INTEGER) END
  AND maps.model_id IN (SELECT value FROM json_each(${run}.model_ids_json))
  AND maps.method IN (SELECT value FROM json_each(${run}.methods_json)))`

const MAPS_WITH_SAMPLES = `
  maps JOIN samples ON samples.id = maps.sample_id
  LEFT JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id`

/** SQL: whether a run that is there, another than `@runId`, needs the map. */
const NEEDED = `EXISTS (
  SELECT 1 FROM runs AS other WHERE other.id <> @runId AND other.removed_at IS NULL AND ${consistsOf('other')})`

const RunMap = z.object({
  id: z.int(),
  pixels: z.int(),
  createdAt: z.string(),
  /** Whether another run needs it too, so that it stays. */
  needed: Flag,
})
export type RunMap = z.infer<typeof RunMap>

/** The maps that a run made or consists of, with an id above `after` and up to `last`, by ascending id. */
export function mapsOfRun(
  database: Database,
  runId: number,
  { after, last }: { after: number; last: number },
): RunMap[] {
  return selectAll(
    database,
    RunMap,
    `SELECT maps.id AS id, samples."rows" * samples."columns" AS pixels, maps.created_at AS createdAt, ${NEEDED} AS needed
     FROM runs AS run CROSS JOIN ${MAPS_WITH_SAMPLES}
     WHERE run.id = @runId AND maps.id > @after AND maps.id <= @last AND ${consistsOf('run')} ORDER BY maps.id`,
    { runId, after, last },
  )
}

export function lastMapId(database: Database): number {
  return selectNumber(database, 'SELECT coalesce(max(id), 0) FROM maps')
}

/** Of each map and reviewer whether the reviewer ever decided it; a verdict that was taken back counts. */
export function decidersOf(
  database: Database,
  mapIds: readonly number[],
): { mapId: number; reviewer: string }[] {
  return selectAll(
    database,
    z.object({ mapId: z.int(), reviewer: z.string() }),
    `SELECT DISTINCT map_id AS mapId, reviewer FROM verdicts WHERE map_id IN (SELECT value FROM json_each(@mapIds))`,
    { mapIds: JSON.stringify(mapIds) },
  )
}

const ExportRow = z.object({ request: json(ExportRequest), createdAt: z.string() })

/** What exports asked for, and when they were finished. */
export function listExportRequests(database: Database): z.infer<typeof ExportRow>[] {
  return selectAll(
    database,
    ExportRow,
    'SELECT request_json AS request, created_at AS createdAt FROM exports ORDER BY id',
  )
}

/** Takes a run out of the list of runs. Its maps are left to {@link deleteMapsOfRun}. */
export function markRemoved(database: Database, runId: number): void {
  execute(database, 'UPDATE runs SET removed_at = coalesce(removed_at, @at) WHERE id = @runId', {
    runId,
    at: now(),
  })
}

/** Those of some maps that have no verdict and that no run but this one needs. */
export function unneededMaps(database: Database, runId: number, mapIds: readonly number[]): number[] {
  return selectAll(
    database,
    z.object({ id: z.int() }),
    `SELECT maps.id AS id FROM ${MAPS_WITH_SAMPLES}
     WHERE maps.id IN (SELECT value FROM json_each(@mapIds)) AND NOT ${NEEDED}
       AND NOT EXISTS (SELECT 1 FROM verdicts WHERE verdicts.map_id = maps.id)`,
    { runId, mapIds: JSON.stringify(mapIds) },
  ).map(({ id }) => id)
}

/**
 * Deletes maps with their values and scores, all or none of the call, but for those that got a verdict or that another run
 * needs by now. Gives the ids of the deleted ones.
 */
export function deleteMapsOfRun(database: Database, runId: number, mapIds: readonly number[]): number[] {
  return transact(database, () => {
    const deleted = unneededMaps(database, runId, mapIds)
    deleteMaps(database, deleted)
    return deleted
  })
}

/** Deletes maps with all that is known of them; to be called in a transaction, for maps without verdicts. */
export function deleteMaps(database: Database, mapIds: readonly number[]): void {
  for (const [table, column] of [
    ['scores', 'map_id'],
    ['map_values', 'map_id'],
    ['map_analysis_rows', 'map_id'],
    ['maps', 'id'],
  ] as const) {
    execute(database, `DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(@ids))`, {
      ids: JSON.stringify(mapIds),
    })
  }
}

/** Scoring that was stopped counts maps from the first one on; with fewer maps it has to begin again. */
export function restartScoring(database: Database): void {
  execute(database, "UPDATE jobs SET done = 0 WHERE kind = 'score' AND status <> 'done'")
}

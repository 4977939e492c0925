import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { float32FromBlob, toBlob } from './blobs.ts'
import { execute, prepared, selectAll, selectOne, transact } from './statements.ts'

/** What says of maps how they belong together: the cluster of each, or its place in a space of so many dimensions. */
export const MapAnalysis = z.object({
  id: z.int(),
  kind: z.enum(['clustering', 'embedding']),
  /** One of a run's kind has it alone. */
  name: z.string(),
  /** Of a clustering 1. */
  dimensions: z.int(),
  runId: z.int(),
})
export type MapAnalysis = z.infer<typeof MapAnalysis>
export type NewMapAnalysis = Pick<MapAnalysis, 'kind' | 'name' | 'dimensions'>

/** The cluster of a map by name, or its place: so many values as the embedding has dimensions. */
export type MapAnalysisContent = { cluster: string } | { place: Float32Array }
export type MapAnalysisRow = MapAnalysisContent & { analysisId: number; mapId: number }

/** SQL: whether the run of an analysis is there, and all of its rows are. */
const IS_WHOLE = 'run_id IN (SELECT id FROM runs WHERE finished_at IS NOT NULL AND removed_at IS NULL)'
const SELECT_ANALYSES = 'SELECT id, kind, name, dimensions, run_id AS runId FROM map_analyses'

/** Adds those that the run does not have yet, and gives the id of each. */
export function ensureMapAnalyses(
  database: Database,
  runId: number,
  analyses: readonly NewMapAnalysis[],
): number[] {
  return transact(database, () =>
    analyses.map((analysis) => {
      const key = { kind: analysis.kind, name: analysis.name, runId }
      execute(
        database,
        `INSERT INTO map_analyses (run_id, kind, name, dimensions) VALUES (@runId, @kind, @name, @dimensions)
         ON CONFLICT (run_id, kind, name) DO NOTHING`,
        { ...key, dimensions: analysis.dimensions },
      )
      const stored = selectOne(
        database,
        MapAnalysis,
        `${SELECT_ANALYSES} WHERE run_id = @runId AND kind = @kind AND name = @name`,
        key,
      )
      if (stored === undefined) throw new Error(`the analysis ${analysis.name} was not stored`)
      return stored.id
    }),
  )
}

/** Adds rows; one that is there already stays. */
export function insertMapAnalysisRows(database: Database, rows: readonly MapAnalysisRow[]): void {
  transact(database, () => {
    const statement = prepared(
      database,
      `INSERT INTO map_analysis_rows (analysis_id, map_id, cluster, place) VALUES (@analysisId, @mapId, @cluster, @place)
       ON CONFLICT (analysis_id, map_id) DO NOTHING`,
    )
    for (const { analysisId, mapId, ...content } of rows) {
      statement.run({
        ...{ analysisId, mapId },
        cluster: 'cluster' in content ? content.cluster : null,
        place: 'place' in content ? toBlob(content.place) : null,
      })
    }
  })
}

/** One that is whole, of a run that is there. */
export function findMapAnalysis(database: Database, id: number): MapAnalysis | undefined {
  return selectOne(database, MapAnalysis, `${SELECT_ANALYSES} WHERE id = @id AND ${IS_WHOLE}`, { id })
}

/** All that are whole, of runs that are there, in the order in which they came in. */
export function listMapAnalyses(database: Database): MapAnalysis[] {
  return selectAll(database, MapAnalysis, `${SELECT_ANALYSES} WHERE ${IS_WHOLE} ORDER BY id`)
}

/** How many of these maps each analysis has, by its id. */
export function countAnalysedMaps(database: Database, mapIds: readonly number[]): Map<number, number> {
  const rows = selectAll(
    database,
    z.object({ id: z.int(), maps: z.int() }),
    `SELECT analysis_id AS id, count(*) AS maps FROM map_analysis_rows
     WHERE map_id IN (SELECT value FROM json_each(@mapIds)) GROUP BY analysis_id`,
    { mapIds: JSON.stringify(mapIds) },
  )
  return new Map(rows.map(({ id, maps }) => [id, maps]))
}

/** What an analysis says of these maps; those of which it says nothing are left out. (Rows are not checked: the table is STRICT.) */
export function readMapAnalysisRows(
  database: Database,
  analysisId: number,
  mapIds: readonly number[],
): MapAnalysisRow[] {
  const rows = prepared(
    database,
    `SELECT map_id, cluster, place FROM map_analysis_rows
     WHERE analysis_id = @analysisId AND map_id IN (SELECT value FROM json_each(@mapIds))`,
  )
    .raw()
    .all({ analysisId, mapIds: JSON.stringify(mapIds) }) as [number, string | null, Uint8Array | null][]
  return rows.map(([mapId, cluster, place]) =>
    place === null
      ? { analysisId, mapId, cluster: cluster ?? '' }
      : { analysisId, mapId, place: float32FromBlob(place) },
  )
}

/** Rows that are deleted in one transaction. */
const WINDOW = 2000

/** Removes the analyses of a run in slices, but for those that formed a group with a verdict. */
export async function removeMapAnalyses(database: Database, runId: number): Promise<void> {
  const going = `SELECT id FROM map_analyses WHERE run_id = @runId
     AND id NOT IN (SELECT analysis_id FROM verdict_groups WHERE analysis_id IS NOT NULL)`
  const analyses = selectAll(database, z.object({ id: z.int() }), going, { runId })
  for (const { id } of analyses) {
    while (removeRows(database, id) === WINDOW) await setImmediate()
    execute(database, 'DELETE FROM map_analyses WHERE id = @id', { id })
  }
}

function removeRows(database: Database, analysisId: number): number {
  return execute(
    database,
    `DELETE FROM map_analysis_rows WHERE analysis_id = @analysisId AND map_id IN (
       SELECT map_id FROM map_analysis_rows WHERE analysis_id = @analysisId LIMIT @limit)`,
    { analysisId, limit: WINDOW },
  ).changes
}

import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { removeMapAnalyses } from './map-analyses.ts'
import { deleteMapsOfRun, restartScoring, unneededMaps } from './run-removal.ts'
import { deleteSamples } from './sample-ids.ts'
import { comesIn, getSampleSet } from './samples.ts'
import { execute, selectAll, selectOne, transact } from './statements.ts'

const IdRow = z.object({ id: z.int() })

/** The map that is known by these. */
export function findMap(
  database: Database,
  key: { sampleId: number; modelId: number; method: string; target: number; seed: number },
): number | undefined {
  return selectOne(
    database,
    IdRow,
    `SELECT id FROM maps
     WHERE sample_id = @sampleId AND model_id = @modelId AND method = @method AND target = @target AND seed = @seed`,
    key,
  )?.id
}

/** Maps and samples that are deleted in one transaction. */
const WINDOW = 500

/** Those who look at maps, in filters and queues, while some are taken back. */
export interface MapsInUse {
  /** Called with maps that are going to be deleted. */
  leaveOut: (mapIds: readonly number[]) => Promise<void>
  /** Called when some of those stayed. */
  reread: () => void
}

/**
 * Takes an import back: its maps, its run, and the samples, predictions and the model that nothing else needs. What somebody has
 * decided meanwhile stays, with its map, its sample and the run.
 */
export async function removeImportedMaps(
  database: Database,
  runId: number,
  mapsInUse: MapsInUse,
): Promise<void> {
  const mapIds = await mapsToTakeBack(database, runId)
  if (mapIds.length > 0) {
    restartScoring(database)
    await mapsInUse.leaveOut(mapIds)
  }
  let deleted = 0
  for (let first = 0; first < mapIds.length; first += WINDOW) {
    deleted += deleteMapsOfRun(database, runId, mapIds.slice(first, first + WINDOW)).length
    await setImmediate()
  }
  if (deleted < mapIds.length) mapsInUse.reread()
  await removeMapAnalyses(database, runId)
  const run = selectOne(
    database,
    z.object({ setId: z.int(), modelId: z.int() }),
    `SELECT sample_set_id AS setId, model_ids_json ->> 0 AS modelId FROM runs
     WHERE id = @runId AND NOT EXISTS (SELECT 1 FROM maps WHERE run_id = runs.id)
       AND NOT EXISTS (SELECT 1 FROM map_analyses WHERE run_id = runs.id)`,
    { runId },
  )
  if (run === undefined) return
  execute(database, 'DELETE FROM runs WHERE id = @runId', { runId })
  while (removePredictions(database, run.modelId)) await setImmediate()
  await removeUnneededSamples(database, run.setId)
  execute(
    database,
    `DELETE FROM models WHERE id = @modelId AND NOT EXISTS (SELECT 1 FROM predictions WHERE model_id = @modelId)
       AND NOT EXISTS (SELECT 1 FROM maps WHERE model_id = @modelId)
       AND NOT EXISTS (SELECT 1 FROM runs, json_each(model_ids_json) AS used WHERE used.value = @modelId)`,
    { modelId: run.modelId },
  )
}

/** The maps that a run made and that nobody has decided or needs. */
async function mapsToTakeBack(database: Database, runId: number): Promise<number[]> {
  const found: number[] = []
  for (let after = 0; ;) {
    const ids = selectAll(
      database,
      IdRow,
      'SELECT id FROM maps WHERE run_id = @runId AND id > @after ORDER BY id LIMIT @limit',
      { runId, after, limit: WINDOW },
    ).map(({ id }) => id)
    if (ids.length === 0) return found
    found.push(...unneededMaps(database, runId, ids))
    after = ids.at(-1) ?? after
    await setImmediate()
  }
}

/** Removes predictions of a model for samples of which it has no map; tells whether there may be more. */
function removePredictions(database: Database, modelId: number): boolean {
  const { changes } = execute(
    database,
    `DELETE FROM predictions WHERE model_id = @modelId AND sample_id IN (
       SELECT sample_id FROM predictions AS answer WHERE model_id = @modelId AND NOT EXISTS (
         SELECT 1 FROM maps WHERE maps.model_id = @modelId AND maps.sample_id = answer.sample_id)
       LIMIT @limit)`,
    { modelId, limit: WINDOW },
  )
  return changes === WINDOW
}

/** Takes back the samples of an import, but for those that a run or a map needs, and for a whole set of images that came without maps. */
export async function removeUnneededSamples(database: Database, setId: number): Promise<void> {
  const set = getSampleSet(database, setId)
  if (set === undefined || (set.source.images !== undefined && !comesIn(database, set))) return
  while (removeSamples(database, setId)) await setImmediate()
  execute(
    database,
    `DELETE FROM sample_sets WHERE id = @setId AND NOT EXISTS (SELECT 1 FROM samples WHERE sample_set_id = @setId)
       AND NOT EXISTS (SELECT 1 FROM runs WHERE sample_set_id = @setId)`,
    { setId },
  )
}

/** Removes samples of a set that no run has; tells whether there may be more. */
function removeSamples(database: Database, setId: number): boolean {
  return transact(database, () => {
    const ids = selectAll(
      database,
      IdRow,
      `SELECT id FROM samples WHERE sample_set_id = @setId
         AND NOT EXISTS (SELECT 1 FROM runs WHERE sample_set_id = @setId)
         AND NOT EXISTS (SELECT 1 FROM maps WHERE sample_id = samples.id)
       LIMIT @limit`,
      { setId, limit: WINDOW },
    ).map(({ id }) => id)
    deleteSamples(database, ids)
    return ids.length === WINDOW
  })
}

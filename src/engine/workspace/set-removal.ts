import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ImportedSet } from '../../shared/contract/sets.ts'
import { Flag } from './blobs.ts'
import { deleteMaps, type RunMap } from './run-removal.ts'
import { deleteSamples } from './sample-ids.ts'
import { getSampleSet } from './samples.ts'
import { execute, now, selectAll, transact } from './statements.ts'

const IdRow = z.object({ id: z.int() })
const NameRow = z.object({ name: z.string() })

/** Imported sets, and those that were deleted of which samples are still there. */
export function listImportedSets(database: Database): ImportedSet[] {
  return selectAll(
    database,
    ImportedSet.extend({ deleted: Flag }),
    `SELECT id, name, source_json ->> '$.removedAt' IS NOT NULL AS deleted, created_at AS createdAt,
       (SELECT count(*) FROM samples WHERE sample_set_id = sample_sets.id) AS count,
       (SELECT coalesce(sum(length(input)), 0) FROM samples WHERE sample_set_id = sample_sets.id) AS bytes,
       (SELECT count(*) FROM runs WHERE sample_set_id = sample_sets.id AND removed_at IS NULL) AS runs
     FROM sample_sets WHERE split = 'imported' ORDER BY id`,
  ).filter(({ deleted, count }) => !deleted || count > 0)
}

/** Runs of a set that were not deleted, by ascending id. */
export function runsOfSet(
  database: Database,
  setId: number,
): { id: number; title: string; jobId: number | null }[] {
  return selectAll(
    database,
    z.object({ id: z.int(), title: z.string(), jobId: z.int().nullable() }),
    `SELECT id, title, job_id AS jobId FROM runs WHERE sample_set_id = @setId AND removed_at IS NULL ORDER BY id`,
    { setId },
  )
}

/** The maps of a set with an id above `after` and up to `last`, by ascending id. */
export function mapsOfSet(
  database: Database,
  setId: number,
  { after, last }: { after: number; last: number },
): RunMap[] {
  return selectAll(
    database,
    z.object({ id: z.int(), pixels: z.int(), createdAt: z.string() }),
    `SELECT maps.id AS id, "rows" * "columns" AS pixels, maps.created_at AS createdAt
     FROM maps CROSS JOIN samples ON samples.id = maps.sample_id
     WHERE maps.id > @after AND maps.id <= @last AND sample_set_id = @setId ORDER BY maps.id`,
    { setId, after, last },
  ).map((map) => ({ ...map, needed: false }))
}

/** SQL: networks without weights here that runs of the set `@setId` have maps of, and nothing of other sets. */
const OWN_MODELS = `architecture = 'external'
  AND id IN (SELECT used.value FROM runs, json_each(model_ids_json) AS used WHERE sample_set_id = @setId)
  AND NOT EXISTS (
    SELECT 1 FROM runs, json_each(model_ids_json) AS used
    WHERE used.value = models.id AND sample_set_id <> @setId AND removed_at IS NULL)`

/** Names of the networks that would go with a set. */
export function modelsOfSet(database: Database, setId: number): string[] {
  return selectAll(database, NameRow, `SELECT name FROM models WHERE ${OWN_MODELS} ORDER BY id`, {
    setId,
  }).map(({ name }) => name)
}

/**
 * Takes a set and its runs out of the lists, and frees its name for another import. Its rows are left to {@link deleteMapsOfSet},
 * {@link deleteSamplesOfSet} and {@link deleteRestOfSet}. Its own row stays, so that its id is never used again.
 */
export function markSetRemoved(database: Database, setId: number): void {
  transact(database, () => {
    const parameters = { setId, at: now() }
    execute(
      database,
      'UPDATE runs SET removed_at = @at WHERE sample_set_id = @setId AND removed_at IS NULL',
      parameters,
    )
    execute(
      database,
      `UPDATE sample_sets SET dataset = dataset || ' (deleted set ' || id || ')',
         source_json = json_set(source_json, '$.removedAt', @at)
       WHERE id = @setId AND source_json ->> '$.removedAt' IS NULL`,
      parameters,
    )
  })
}

/** Ids of the runs of a set, also of deleted ones. */
export function runIdsOfSet(database: Database, setId: number): number[] {
  return selectAll(database, IdRow, 'SELECT id FROM runs WHERE sample_set_id = @setId ORDER BY id', {
    setId,
  }).map(({ id }) => id)
}

/** Deletes maps with their values and scores, all or none of the call, but for those that got a verdict. Gives how many went. */
export function deleteMapsOfSet(database: Database, mapIds: readonly number[]): number {
  return transact(database, () => {
    const going = selectAll(
      database,
      IdRow,
      `SELECT id FROM maps WHERE id IN (SELECT value FROM json_each(@mapIds))
         AND NOT EXISTS (SELECT 1 FROM verdicts WHERE verdicts.map_id = maps.id)`,
      { mapIds: JSON.stringify(mapIds) },
    ).map(({ id }) => id)
    deleteMaps(database, going)
    return going.length
  })
}

/** Deletes up to so many samples of a set that no map is of, with their regions and answers. Gives how many went. */
export function deleteSamplesOfSet(database: Database, setId: number, most: number): number {
  return transact(database, () => {
    const going = selectAll(
      database,
      IdRow,
      `SELECT id FROM samples WHERE sample_set_id = @setId
         AND NOT EXISTS (SELECT 1 FROM maps WHERE sample_id = samples.id) LIMIT @most`,
      { setId, most },
    ).map(({ id }) => id)
    deleteSamples(database, going)
    return going.length
  })
}

/** Deletes the networks of which nothing is left, and what the row of an empty set says of its files. */
export function deleteRestOfSet(database: Database, setId: number): void {
  transact(database, () => {
    execute(
      database,
      `DELETE FROM models WHERE ${OWN_MODELS} AND NOT EXISTS (SELECT 1 FROM predictions WHERE model_id = models.id)
         AND NOT EXISTS (SELECT 1 FROM maps WHERE model_id = models.id)`,
      { setId },
    )
    if (getSampleSet(database, setId)?.count !== 0) return
    execute(
      database,
      `UPDATE sample_sets SET source_json = json_object('files', json_array(), 'removedAt', source_json ->> '$.removedAt')
       WHERE id = @setId`,
      { setId },
    )
  })
}

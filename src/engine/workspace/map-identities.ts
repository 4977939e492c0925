import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { selectAll } from './statements.ts'

/** What people know a map by. */
const MapIdentity = z.object({
  mapId: z.int(),
  sampleId: z.int(),
  sampleSet: z.string(),
  /** Place of the sample in its set, from 0. */
  samplePosition: z.int(),
  /** What whoever brought the sample calls it. */
  sample: z.string().nullable(),
  model: z.string(),
  method: z.string(),
  rows: z.int(),
  columns: z.int(),
})
export type MapIdentity = z.infer<typeof MapIdentity>

/** The maps with these ids, unknown ones left out; null: all maps. */
export function listMapIdentities(database: Database, ids: readonly number[] | null): MapIdentity[] {
  const wanted = ids === null ? '' : 'WHERE maps.id IN (SELECT value FROM json_each(@ids))'
  return selectAll(
    database,
    MapIdentity,
    `SELECT maps.id AS mapId, sample_id AS sampleId, sample_sets.name AS sampleSet, samples.position AS samplePosition,
       json_extract(provenance_json, '$.name') AS sample, models.name AS model, method, rows, "columns"
     FROM maps JOIN models ON models.id = model_id JOIN samples ON samples.id = sample_id
     JOIN sample_sets ON sample_sets.id = sample_set_id ${wanted} ORDER BY maps.id`,
    ids === null ? {} : { ids: JSON.stringify(ids) },
  )
}

const StoredValues = z.object({ mapId: z.int(), bytes: z.instanceof(Uint8Array) })

/** At most `limit` maps with an id above `after`, by id: their values as little-endian float32, row by row. */
export function mapBytesAfter(
  database: Database,
  after: number,
  limit: number,
): z.infer<typeof StoredValues>[] {
  return selectAll(
    database,
    StoredValues,
    'SELECT map_id AS mapId, "values" AS bytes FROM map_values WHERE map_id > @after ORDER BY map_id LIMIT @limit',
    { after, limit },
  )
}

import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Float32Blob } from './blobs.ts'
import { selectAll } from './statements.ts'

const MapWithValues = z.object({
  mapId: z.int(),
  sampleId: z.int(),
  columns: z.int(),
  /** rows x columns, row by row. */
  values: Float32Blob,
})
export type MapWithValues = z.infer<typeof MapWithValues>

/** The values of the maps with these ids; unknown ids are left out. */
export function listMapValues(database: Database, ids: readonly number[]): MapWithValues[] {
  return selectAll(
    database,
    MapWithValues,
    `SELECT maps.id AS mapId, sample_id AS sampleId, "columns", map_values."values" AS "values"
     FROM maps JOIN map_values ON map_values.map_id = maps.id JOIN samples ON samples.id = sample_id
     WHERE maps.id IN (SELECT value FROM json_each(@ids))`,
    { ids: JSON.stringify(ids) },
  )
}

import type { Database } from 'better-sqlite3'
import { float32FromBlob, float64FromBlob } from './blobs.ts'
import { prepared, selectNumber } from './statements.ts'

/** A map as groups are made of it. */
export interface GroupedMap {
  mapId: number
  columns: number
  /** rows x columns, row by row. */
  values: Float32Array
  /** By item, signed. */
  shares: Float64Array
  /** By item: 1 for a majority item. */
  marks: number[]
}

type Row = readonly [
  mapId: number,
  columns: number,
  values: Uint8Array,
  shares: Uint8Array,
  marks: string | null,
]

/** The maps with these ids, in their order; unknown ids are left out. (Rows are not checked: STRICT tables guarantee the types.) */
export function listGroupedMaps(database: Database, mapIds: readonly number[]): GroupedMap[] {
  const rows = prepared(
    database,
    `SELECT maps.id, samples."columns", map_values."values", shares,
       (SELECT group_concat(mark, '' ORDER BY position) FROM regions WHERE sample_id = samples.id)
     FROM json_each(@mapIds) AS wanted JOIN maps ON maps.id = wanted.value
     JOIN map_values ON map_values.map_id = maps.id JOIN samples ON samples.id = maps.sample_id
     ORDER BY wanted.key`,
  )
    .raw()
    .all({ mapIds: JSON.stringify(mapIds) }) as Row[]
  return rows.map(([mapId, columns, values, shares, marks]) => ({
    mapId,
    columns,
    values: float32FromBlob(values),
    shares: float64FromBlob(shares),
    marks: Array.from(marks ?? '', Number),
  }))
}

/** Items of the sample with most of them, among the samples of these maps. */
export function mostItems(database: Database, mapIds: readonly number[]): number {
  return selectNumber(
    database,
    `SELECT coalesce(max(items), 0) FROM (
       SELECT count(*) AS items FROM regions
       WHERE sample_id IN (SELECT sample_id FROM maps WHERE id IN (SELECT value FROM json_each(@mapIds)))
       GROUP BY sample_id)`,
    { mapIds: JSON.stringify(mapIds) },
  )
}

import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { selectAll } from './statements.ts'

/** Ids of the maps of a sample and model that one run asked for, in the order of its methods. */
export function mapsOfRunAndSample(
  database: Database,
  wanted: { modelId: number; sampleId: number; methods: readonly string[]; seed: number; targetKind: string },
): number[] {
  const rows = selectAll(
    database,
    z.object({ id: z.int() }),
    `SELECT maps.id FROM json_each(@methods) AS methods
     JOIN maps ON maps.method = methods.value AND maps.sample_id = @sampleId AND maps.model_id = @modelId
       AND maps.seed = @seed AND maps.target_kind = @targetKind
     ORDER BY methods.key`,
    { ...wanted, methods: JSON.stringify(wanted.methods) },
  )
  return rows.map(({ id }) => id)
}

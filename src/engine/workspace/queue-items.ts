import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { AnyArchitecture, FailureModeName, VerdictName } from '../../shared/contract/common.ts'
import type { QueueItem } from '../../shared/contract/queues.ts'
import { isSigned, parseMethod } from '../../shared/methods.ts'
import { modelLabel } from '../../shared/names.ts'
import { Flag, json } from './blobs.ts'
import { labelsOf } from './models.ts'
import { selectAll } from './statements.ts'

const ItemRow = z
  .object({
    position: z.int(),
    mapId: z.int(),
    sampleId: z.int(),
    rows: z.int(),
    columns: z.int(),
    modelId: z.int(),
    name: z.string(),
    architecture: AnyArchitecture,
    stationaryDropout: Flag,
    metadata: json(z.record(z.string(), z.string())),
    method: z.string(),
    label: z.int(),
    predicted: z.int(),
    verdict: VerdictName.nullable(),
    modes: json(z.array(FailureModeName)).nullable(),
  })
  .transform(
    ({ name, architecture, stationaryDropout, metadata, modes, ...row }): Omit<QueueItem, 'value'> => ({
      ...row,
      withheld: false,
      signed: isSigned(parseMethod(row.method)),
      modelLabel: modelLabel({ name, architecture, stationaryDropout, labels: labelsOf({ metadata }) }),
      modes: modes ?? [],
    }),
  )

/** Rows for the film strip and the grid without their values, in the order of the ids; positions count from `offset`. */
export function listQueueItems(
  database: Database,
  mapIds: readonly number[],
  { offset, reviewer }: { offset: number; reviewer: string },
): Omit<QueueItem, 'value'>[] {
  return selectAll(
    database,
    ItemRow,
    `SELECT wanted.key + @offset AS position, maps.id AS mapId, maps.sample_id AS sampleId, samples."rows" AS "rows",
       samples."columns" AS "columns", maps.model_id AS modelId,
       models.name AS name, architecture, stationary_dropout AS stationaryDropout, metadata_json AS metadata, method, label, coalesce(predicted, label) AS predicted,
       latest_verdicts.verdict AS verdict, latest_verdicts.modes_json AS modes
     FROM json_each(@mapIds) AS wanted
     JOIN maps ON maps.id = wanted.value
     JOIN samples ON samples.id = maps.sample_id
     JOIN models ON models.id = maps.model_id
     LEFT JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id
     LEFT JOIN latest_verdicts ON latest_verdicts.map_id = maps.id AND latest_verdicts.reviewer = @reviewer
     ORDER BY wanted.key`,
    { mapIds: JSON.stringify(mapIds), offset, reviewer },
  )
}

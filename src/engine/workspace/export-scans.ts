import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Box, FailureModeName, Instant, MapStateName } from '../../shared/contract/common.ts'
import { VerdictGroup, VerdictRow } from '../../shared/contract/verdicts.ts'
import type { MapState } from '../../shared/names.ts'
import { Flag, json } from './blobs.ts'
import { prepared, selectAll, selectNumber } from './statements.ts'
import { GROUP_COLUMN } from './verdicts.ts'

/** A verdict with the decision that it belongs to and how it came about. */
export const ExportedVerdict = z.object({
  ...VerdictRow.shape,
  decisionId: z.int(),
  action: z.enum(['decide', 'undo', 'redo']),
})
export type ExportedVerdict = z.infer<typeof ExportedVerdict>

const ExportedVerdictRow = z.object({
  ...ExportedVerdict.shape,
  modes: json(z.array(FailureModeName)),
  box: json(Box).nullable(),
  drawnAtRandom: Flag,
  blind: Flag,
  group: json(VerdictGroup).nullable(),
})

const SELECT_VERDICTS = `
  SELECT id, map_id AS mapId, reviewer, verdict, modes_json AS modes, note, box_json AS box, queue_id AS queueId,
    probability, drawn_at_random AS drawnAtRandom, position, blind, decision_id AS decisionId, "action",
    created_at AS createdAt, ${GROUP_COLUMN}
  FROM verdicts`

/** At most `limit` verdicts with an id above `after` and up to `last`, oldest first. */
export function verdictPage(
  database: Database,
  page: { after: number; last: number; limit: number },
): ExportedVerdict[] {
  return selectAll(
    database,
    ExportedVerdictRow,
    `${SELECT_VERDICTS} WHERE id > @after AND id <= @last ORDER BY id LIMIT @limit`,
    page,
  )
}

/** Every verdict on these maps with an id up to `last`, oldest first. */
export function verdictsOfMaps(
  database: Database,
  mapIds: readonly number[],
  last: number,
): ExportedVerdict[] {
  return selectAll(
    database,
    ExportedVerdictRow,
    `${SELECT_VERDICTS} WHERE map_id IN (SELECT value FROM json_each(@mapIds)) AND id <= @last ORDER BY id`,
    { mapIds: JSON.stringify(mapIds), last },
  )
}

/** Whether a verdict is by one of `@reviewers`, a list as JSON; null: whoever gave it. */
export const BY_REVIEWERS = '(@reviewers IS NULL OR reviewer IN (SELECT value FROM json_each(@reviewers)))'

/** When the latest of these maps, and of the verdicts on them that count, was made. */
export function contentUntil(
  database: Database,
  mapIds: readonly number[],
  { lastVerdictId, reviewers }: { lastVerdictId: number; reviewers: readonly string[] | null },
): string {
  return Instant.parse(
    prepared(
      database,
      `WITH chosen AS (SELECT value AS id FROM json_each(@mapIds))
       SELECT max(created_at) FROM (
         SELECT created_at FROM maps WHERE id IN chosen
         UNION ALL SELECT created_at FROM verdicts WHERE map_id IN chosen AND id <= @lastVerdictId AND ${BY_REVIEWERS})`,
    )
      .pluck()
      .get({
        ...{ mapIds: JSON.stringify(mapIds), lastVerdictId },
        reviewers: reviewers === null ? null : JSON.stringify(reviewers),
      }),
  )
}

/** Pixels of a sample, which are those of its maps. */
export interface Size {
  rows: number
  columns: number
}

/** Of an input, which has several values a pixel where it has colours. */
export interface InputSize extends Size {
  channels: number
}

/** Sizes of the samples with these ids. */
export function sampleSizes(database: Database, ids: Iterable<number>): Map<number, InputSize> {
  const rows = selectAll(
    database,
    z.object({ id: z.int(), rows: z.int(), columns: z.int(), channels: z.int() }),
    'SELECT id, rows, "columns", channels FROM samples WHERE id IN (SELECT value FROM json_each(@ids))',
    { ids: JSON.stringify([...ids]) },
  )
  return new Map(rows.map(({ id, ...size }) => [id, size]))
}

/** Bytes of the weight files of these models together. */
export function weightBytes(database: Database, modelIds: Iterable<number>): number {
  return selectNumber(
    database,
    'SELECT coalesce(sum(length(weights)), 0) FROM models WHERE id IN (SELECT value FROM json_each(@ids))',
    { ids: JSON.stringify([...modelIds]) },
  )
}

/** Ids of the runs that made these maps, ascending. */
export function runIdsOfMaps(database: Database, mapIds: readonly number[]): number[] {
  return z.array(z.int()).parse(
    prepared(
      database,
      `SELECT DISTINCT run_id FROM maps WHERE id IN (SELECT value FROM json_each(@mapIds)) ORDER BY run_id`,
    )
      .pluck()
      .all({ mapIds: JSON.stringify(mapIds) }),
  )
}

/** Ids of the sets that these samples are of. */
export function sampleSetIds(database: Database, sampleIds: Iterable<number>): Set<number> {
  const rows = selectAll(
    database,
    z.object({ id: z.int() }),
    `SELECT DISTINCT sample_set_id AS id FROM samples WHERE id IN (SELECT value FROM json_each(@ids))`,
    { ids: JSON.stringify([...sampleIds]) },
  )
  return new Set(rows.map(({ id }) => id))
}

/** How many of these maps are in which state. */
export function countMapStates(database: Database, mapIds: readonly number[]): Map<MapState, number> {
  const rows = selectAll(
    database,
    z.object({ state: MapStateName, count: z.int() }),
    `SELECT state, count(*) AS count FROM maps WHERE id IN (SELECT value FROM json_each(@mapIds))
     GROUP BY state ORDER BY state`,
    { mapIds: JSON.stringify(mapIds) },
  )
  return new Map(rows.map(({ state, count }) => [state, count]))
}

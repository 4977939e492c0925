import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Box, FailureModeName } from '../../shared/contract/common.ts'
import { VerdictGroup, VerdictRow } from '../../shared/contract/verdicts.ts'
import { Flag, json } from './blobs.ts'
import { getSetting, setSetting } from './settings.ts'
import { execute, insert, now, prepared, selectAll, selectNumber, selectOne } from './statements.ts'

const StoredVerdict = z.object({
  ...VerdictRow.shape,
  modes: json(z.array(FailureModeName)),
  box: json(Box).nullable(),
  drawnAtRandom: Flag,
  blind: Flag,
  group: json(VerdictGroup).nullable(),
})

/** A column of `verdicts`: its group as JSON, null without one. */
export const GROUP_COLUMN = `
  (SELECT json_object('id', groups.id, 'groups', group_count, 'seed', seed, 'index', groups.position, 'size', size,
     'lookedAt', json_array_length(looked_at_json),
     'similarBy', (SELECT name FROM map_analyses WHERE map_analyses.id = groups.analysis_id))
   FROM verdict_groups AS groups WHERE groups.id = verdicts.group_id) AS "group"`

const COLUMNS = `
  id, map_id AS mapId, reviewer, verdict, modes_json AS modes, note, box_json AS box, queue_id AS queueId, probability,
  drawn_at_random AS drawnAtRandom, position, blind, created_at AS createdAt, ${GROUP_COLUMN}`

/** What verdicts on several maps have in common. */
export type VerdictContent = Omit<VerdictRow, 'id' | 'mapId' | 'position' | 'createdAt'>
/** A map and its place in the queue. */
export type DecidedMap = Pick<VerdictRow, 'mapId' | 'position'>

const INSERT_VERDICTS = `
  INSERT INTO verdicts (id, map_id, reviewer, verdict, modes_json, note, box_json, queue_id, probability, drawn_at_random,
    position, blind, group_id, decision_id, "action", created_at)`

/**
 * Appends the same verdict on every map, in one statement; the reviewer's latest verdicts follow by themselves.
 *
 * @param createdAt when it was given; in UTC
 */
export function insertVerdicts(
  database: Database,
  decisionId: number,
  content: VerdictContent,
  maps: readonly DecidedMap[],
  createdAt = now(),
): VerdictRow[] {
  const first = nextVerdictId(database)
  const { modes, box, drawnAtRandom, blind, group, ...rest } = content
  execute(
    database,
    `${INSERT_VERDICTS}
     SELECT @first + key, value ->> 0, @reviewer, @verdict, @modes, @note, @box, @queueId, @probability, @drawnAtRandom, value ->> 1,
       @blind, @groupId, @decisionId, 'decide', @createdAt
     FROM json_each(@maps)`,
    {
      ...rest,
      first,
      modes: JSON.stringify(modes),
      box: box === null ? null : JSON.stringify(box),
      drawnAtRandom: Number(drawnAtRandom),
      blind: Number(blind),
      groupId: group?.id ?? null,
      decisionId,
      createdAt,
      maps: JSON.stringify(maps.map(({ mapId, position }) => [mapId, position])),
    },
  )
  return maps.map((map, index) => ({ id: first + index, ...map, ...content, createdAt }))
}

const TAKEN = 'verdict_ids_taken'

/** Keeps ids up to this one from being given: fits of an imported set speak of verdicts that stayed where it came from. */
export function reserveVerdictIds(database: Database, last: number): void {
  setSetting(database, TAKEN, last)
}

function nextVerdictId(database: Database): number {
  return Math.max(lastVerdictId(database), getSetting(database, TAKEN, z.int()) ?? 0) + 1
}

/** Everything that was ever said of a map, oldest first. */
export function historyOf(database: Database, mapId: number): VerdictRow[] {
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts WHERE map_id = @mapId ORDER BY id`,
    { mapId },
  )
}

/** Everything that was ever said of these maps, oldest first. */
export function listVerdictsOnMaps(database: Database, mapIds: readonly number[]): VerdictRow[] {
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts WHERE map_id IN (SELECT value FROM json_each(@mapIds)) ORDER BY id`,
    { mapIds: JSON.stringify(mapIds) },
  )
}

/**
 * How many pairs of map and reviewer have another verdict than at the time of the given row: given, changed or withdrawn since.
 *
 * @param groupVerdicts whether verdicts on whole groups count; otherwise they are as none
 */
export function countChangedVerdicts(
  database: Database,
  { after, groupVerdicts }: { after: number; groupVerdicts: boolean },
): number {
  const said = (row: string) =>
    `iif(${row}.id IS NULL OR ${row}.verdict = 'withdrawn' OR (${row}.group_id IS NOT NULL AND NOT @groups), '',
       ${row}.verdict || ${row}.modes_json)`
  return selectNumber(
    database,
    `WITH touched AS (SELECT DISTINCT map_id, reviewer FROM verdicts WHERE id > @after)
     SELECT count(*) FROM touched
     JOIN verdicts AS late ON late.id =
       (SELECT max(id) FROM verdicts WHERE map_id = touched.map_id AND reviewer = touched.reviewer)
     LEFT JOIN verdicts AS early ON early.id =
       (SELECT max(id) FROM verdicts WHERE map_id = touched.map_id AND reviewer = touched.reviewer AND id <= @after)
     WHERE ${said('late')} <> ${said('early')}`,
    { after, groups: Number(groupVerdicts) },
  )
}

/** All rows, oldest first; with `ids` those alone. */
export function listVerdicts(database: Database, ids?: readonly number[]): VerdictRow[] {
  const wanted = ids === undefined ? '' : 'WHERE id IN (SELECT value FROM json_each(@ids))'
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts ${wanted} ORDER BY id`,
    ids === undefined ? {} : { ids: JSON.stringify(ids) },
  )
}

/** Id of the newest verdict, 0 without any: since rows are only appended, it names what was there at that moment. */
export function lastVerdictId(database: Database): number {
  return selectNumber(database, 'SELECT coalesce(max(id), 0) FROM verdicts')
}

/** Which of these maps the reviewer ever decided, though the verdict may be taken back. */
export function mapsEverDecided(database: Database, reviewer: string, mapIds: readonly number[]): number[] {
  return selectAll(
    database,
    z.object({ mapId: z.int() }),
    `SELECT DISTINCT map_id AS mapId FROM verdicts
     WHERE reviewer = @reviewer AND map_id IN (SELECT value FROM json_each(@mapIds))`,
    { reviewer, mapIds: JSON.stringify(mapIds) },
  ).map(({ mapId }) => mapId)
}

/** The reviewer's verdicts on these maps that count. */
export function latestVerdictsOf(
  database: Database,
  reviewer: string,
  mapIds: readonly number[],
): VerdictRow[] {
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts WHERE id IN (
       SELECT verdict_id FROM latest_verdicts
       WHERE reviewer = @reviewer AND map_id IN (SELECT value FROM json_each(@mapIds)))`,
    { reviewer, mapIds: JSON.stringify(mapIds) },
  )
}

/** Those of the maps on which the reviewer has ever decided, also where they took it back. */
export function everDecided(database: Database, reviewer: string, mapIds: readonly number[]): number[] {
  return selectAll(
    database,
    z.object({ mapId: z.int() }),
    `SELECT value AS mapId FROM json_each(@mapIds)
     WHERE EXISTS (SELECT 1 FROM verdicts WHERE map_id = value AND reviewer = @reviewer)`,
    { reviewer, mapIds: JSON.stringify(mapIds) },
  ).map(({ mapId }) => mapId)
}

/** The verdicts that count: each reviewer's latest on each map, withdrawn ones left out; by ascending id. */
export function listLatestVerdicts(database: Database): VerdictRow[] {
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts WHERE id IN (SELECT verdict_id FROM latest_verdicts) ORDER BY id`,
  )
}

/** Appends to every map of a decision the verdict that its reviewer had before, or that they have none. */
export function insertUndo(database: Database, decisionId: number): void {
  const before = (column: string) => `iif(before.id IS NULL, made.${column}, before.${column})`
  execute(
    database,
    `${INSERT_VERDICTS}
     SELECT @first + row_number() OVER (ORDER BY made.id) - 1, made.map_id, made.reviewer, coalesce(before.verdict, 'withdrawn'), coalesce(before.modes_json, '[]'),
       coalesce(before.note, ''), before.box_json, ${before('queue_id')}, ${before('probability')},
       ${before('drawn_at_random')}, ${before('position')}, ${before('blind')}, ${before('group_id')}, made.decision_id, 'undo', @createdAt
     FROM verdicts AS made LEFT JOIN verdicts AS before ON before.id =
       (SELECT max(id) FROM verdicts WHERE map_id = made.map_id AND reviewer = made.reviewer AND id < made.id)
     WHERE made.decision_id = @decisionId AND made."action" = 'decide' ORDER BY made.id`,
    { decisionId, first: nextVerdictId(database), createdAt: now() },
  )
}

/** Appends the verdicts of a decision once more. */
export function insertRedo(database: Database, decisionId: number): void {
  execute(
    database,
    `${INSERT_VERDICTS}
     SELECT @first + row_number() OVER (ORDER BY id) - 1, map_id, reviewer, verdict, modes_json, note, box_json, queue_id, probability, drawn_at_random, position, blind,
       group_id, decision_id, 'redo', @createdAt
     FROM verdicts WHERE decision_id = @decisionId AND "action" = 'decide' ORDER BY id`,
    { decisionId, first: nextVerdictId(database), createdAt: now() },
  )
}

/** What a request of the reviewer has stored before, as it was answered then; empty: nothing yet. */
export function verdictsOfRequest(database: Database, reviewer: string, requestId: string): VerdictRow[] {
  return selectAll(
    database,
    StoredVerdict,
    `SELECT ${COLUMNS} FROM verdicts WHERE "action" = 'decide' AND decision_id =
       (SELECT id FROM decisions WHERE reviewer = @reviewer AND request_id = @requestId) ORDER BY id`,
    { reviewer, requestId },
  )
}

/** Begins a decision: the next thing to undo. What was undone before can no longer be redone. */
export function insertDecision(database: Database, reviewer: string, requestId: string | null): number {
  execute(
    database,
    "UPDATE decisions SET state = 'dropped' WHERE reviewer = @reviewer AND state = 'undone'",
    {
      reviewer,
    },
  )
  return insert(
    database,
    "INSERT INTO decisions (reviewer, state, request_id) VALUES (@reviewer, 'done', @requestId)",
    { reviewer, requestId },
  )
}

const DecisionId = z.object({ id: z.int() })

/** The decision that an undo takes back. */
export function decisionToUndo(database: Database, reviewer: string): number | undefined {
  return selectOne(
    database,
    DecisionId,
    "SELECT id FROM decisions WHERE reviewer = @reviewer AND state = 'done' ORDER BY id DESC LIMIT 1",
    { reviewer },
  )?.id
}

/** The decision that a redo brings back. */
export function decisionToRedo(database: Database, reviewer: string): number | undefined {
  return selectOne(
    database,
    DecisionId,
    "SELECT id FROM decisions WHERE reviewer = @reviewer AND state = 'undone' ORDER BY id LIMIT 1",
    { reviewer },
  )?.id
}

export function markDecision(database: Database, id: number, state: 'done' | 'undone'): void {
  execute(database, 'UPDATE decisions SET state = @state WHERE id = @id', { id, state })
}

/** Names of everybody who ever decided, in alphabetical order. */
export function listDeciders(database: Database): string[] {
  return z
    .array(z.string())
    .parse(prepared(database, 'SELECT DISTINCT reviewer FROM decisions ORDER BY reviewer').pluck().all())
}

/** Verdicts that count. */
export function countLatestVerdicts(database: Database): number {
  return selectNumber(database, 'SELECT count(*) FROM latest_verdicts')
}

import type { Database } from 'better-sqlite3'
import { basename } from 'node:path'
import { float64FromBlob, toBlob, uint32FromBlob } from '../../workspace/blobs.ts'
import { BY_REVIEWERS } from '../../workspace/export-scans.ts'
import { prepared, type Parameters } from '../../workspace/statements.ts'
import type { SetContext } from '../audited-set-context.ts'
import { inputFiles, mapFiles, modelFile } from '../audited-set-layout.ts'
import type { Selection } from '../audited-set-selection.ts'
import { columnsOf, encoded, REGION_COLUMNS, type RecordTable } from './record-tables.ts'

export const RECORDS = 'records.jsonl'

/** Rows that are read at a time. */
const BATCH = 200

type Row = Record<string, unknown>

/**
 * Rows that change, or get newer ones, while a set is being written: decisions, and how the calibrations took turns. They are
 * few and small, so they are read when the export begins.
 */
export interface MomentRecords {
  decisions: Row[]
  calibrations: Row[]
  activations: Row[]
}

/** @param calibrationId the calibration that scores follow, null for the default */
export function momentRecords(
  database: Database,
  { maps, lastVerdictId, reviewers }: Selection,
  calibrationId: number | null,
): MomentRecords {
  return {
    decisions: rowsOf(
      database,
      'decisions',
      `id IN (SELECT decision_id FROM verdicts
         WHERE map_id IN (SELECT value FROM json_each(@ids)) AND id <= @last AND ${BY_REVIEWERS}) ORDER BY id`,
      {
        ...{ ids: JSON.stringify(maps.map(({ mapId }) => mapId)), last: lastVerdictId },
        reviewers: reviewers === null ? null : JSON.stringify(reviewers),
      },
    ),
    calibrations: rowsOf(
      database,
      'calibrations',
      'id IN (SELECT calibration_id FROM activations) OR id = @calibrationId ORDER BY id',
      { calibrationId },
    ),
    activations: rowsOf(database, 'activations', 'true ORDER BY id'),
  }
}

/** Writes the rows that the set consists of, so that a workspace can take them in again. */
export async function writeRecords(context: SetContext): Promise<void> {
  const lines = await context.folder.lines(RECORDS)
  for (const [table, rows] of recordsOf(context)) {
    context.checkCancelled()
    await lines(rows.map((row) => ({ table, ...encoded(row) })))
  }
}

function* recordsOf(context: SetContext): Generator<[RecordTable, Row[]]> {
  const { database, selection, moment } = context
  const sampleIds = JSON.stringify([...new Set(selection.maps.map(({ sampleId }) => sampleId))])
  const modelIds = JSON.stringify([...new Set(selection.maps.map(({ modelId }) => modelId))])
  const mapIds = JSON.stringify(selection.maps.map(({ mapId }) => mapId))
  const among = (column: string, ids: string) => `${column} IN (SELECT value FROM json_each(${ids}))`
  const analysisIds = `SELECT analysis_id FROM map_analysis_rows WHERE ${among('map_id', '@mapIds')}`
  const runIds = `SELECT run_id FROM maps WHERE ${among('id', '@mapIds')}
    UNION SELECT run_id FROM map_analyses WHERE id IN (${analysisIds})`
  const verdictIds = `SELECT id FROM verdicts WHERE ${among('map_id', '@mapIds')} AND id <= @last AND ${BY_REVIEWERS}`
  const chosen = {
    ...{ mapIds, last: selection.lastVerdictId },
    reviewers: selection.reviewers === null ? null : JSON.stringify(selection.reviewers),
  }

  yield [
    'sample_sets',
    rowsOf(
      database,
      'sample_sets',
      `id IN (SELECT sample_set_id FROM samples WHERE ${among('id', '@sampleIds')}) ORDER BY id`,
      { sampleIds },
    ),
  ]
  yield* sampleRecords(context)
  yield [
    'models',
    rowsOf(database, 'models', `${among('id', '@modelIds')} ORDER BY id`, { modelIds }).map((row) => ({
      ...row,
      file: modelFile(Number(row['id']), context),
    })),
  ]
  yield* predictionRecords(context)
  yield [
    'runs',
    rowsOf(database, 'runs', `id IN (${runIds}) ORDER BY id`, { mapIds }).map((row) =>
      runOfSet(row, new Set(JSON.parse(modelIds) as number[])),
    ),
  ]
  yield* mapRecords(context)
  yield ['map_analyses', rowsOf(database, 'map_analyses', `id IN (${analysisIds}) ORDER BY id`, { mapIds })]
  yield* analysisRecords(context)
  yield ['imports', rowsOf(database, 'imports', `run_id IN (${runIds}) ORDER BY id`, { mapIds })]
  const groups = rowsOf(
    database,
    'verdict_groups',
    `id IN (SELECT group_id FROM verdicts WHERE id IN (${verdictIds})) ORDER BY id`,
    chosen,
  )
  const inSet = new Set(selection.maps.map(({ mapId }) => mapId))
  yield [
    'queues',
    rowsOf(
      database,
      'queues',
      `id IN (SELECT queue_id FROM verdicts WHERE id IN (${verdictIds})) OR ${among('id', '@groupQueues')} ORDER BY id`,
      { ...chosen, groupQueues: JSON.stringify(groups.map((row) => row['queue_id'])) },
    ).map((row) => queueOfSet(row, inSet)),
  ]
  yield ['decisions', moment.decisions]
  yield ['verdict_groups', groups]
  yield* verdictRecords(context, inSet)
  yield ['calibrations', moment.calibrations]
  yield ['activations', moment.activations]
}

function* sampleRecords(context: SetContext): Generator<[RecordTable, Row[]]> {
  const { database } = context
  const regions = regionStatement(database)
  for (const { path: file, members } of inputFiles(context.selection.maps, context)) {
    yield* batches(members, (ids, first) => [
      'samples',
      rowsInOrder(database, 'samples', ids).map((row, index) => ({
        ...row,
        regions: regions.all({ id: row['id'] }).map((region) => encoded(region as Row)),
        ...{ file, row: first + index },
      })),
    ])
  }
}

function* mapRecords(context: SetContext): Generator<[RecordTable, Row[]]> {
  const { database, selection } = context
  for (const { path: file, members } of mapFiles(selection.maps, context)) {
    const ids = members.map(({ mapId }) => mapId)
    yield* batches(ids, (some, first) => [
      'maps',
      rowsInOrder(database, 'maps', some).map((row, index) => ({ ...row, file, row: first + index })),
    ])
  }
}

function* analysisRecords({ database, selection }: SetContext): Generator<[RecordTable, Row[]]> {
  const mapIds = selection.maps.map(({ mapId }) => mapId).sort((a, b) => a - b)
  yield* batches(mapIds, (some) => [
    'map_analysis_rows',
    rowsOf(
      database,
      'map_analysis_rows',
      'map_id IN (SELECT value FROM json_each(@ids)) ORDER BY map_id, analysis_id',
      { ids: JSON.stringify(some) },
    ),
  ])
}

function* predictionRecords({ database, selection }: SetContext): Generator<[RecordTable, Row[]]> {
  const pairs = new Map(
    selection.maps.map(({ modelId, sampleId }) => [`${modelId} ${sampleId}`, [modelId, sampleId]]),
  )
  const sorted = [...pairs.values()].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
  yield* batches(sorted, (some) => [
    'predictions',
    rowsOf(
      database,
      'predictions',
      `(model_id, sample_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(@pairs)) ORDER BY model_id, sample_id`,
      { pairs: JSON.stringify(some) },
    ),
  ])
}

function* verdictRecords(
  { database, selection }: SetContext,
  maps: ReadonlySet<number>,
): Generator<[RecordTable, Row[]]> {
  const { lastVerdictId: last } = selection
  for (let after = 0; after < last;) {
    const rows = rowsOf(database, 'verdicts', `id > @after AND id <= @last ORDER BY id LIMIT ${BATCH}`, {
      after,
      last,
    })
    yield [
      'verdicts',
      rows.filter(
        (row) =>
          maps.has(Number(row['map_id'])) && (selection.reviewers?.includes(String(row['reviewer'])) ?? true),
      ),
    ]
    after = Number(rows.at(-1)?.['id'] ?? last)
  }
}

/** Models that the set lacks are left out of the run, and so is the folder that its maps were imported from. */
function runOfSet(row: Row, models: ReadonlySet<number>): Row {
  const ids = JSON.parse(String(row['model_ids_json'])) as number[]
  const request = JSON.parse(String(row['request_json'])) as { importedFrom?: string }
  const { importedFrom } = request
  return {
    ...row,
    model_ids_json: JSON.stringify(ids.filter((id) => models.has(id))),
    ...(importedFrom !== undefined && {
      request_json: JSON.stringify({ importedFrom: basename(importedFrom) }),
    }),
  }
}

/** A queue with those of its maps that are in the set, as it would be were the others deleted. */
function queueOfSet(row: Row, maps: ReadonlySet<number>): Row {
  const mapIds = uint32FromBlob(row['map_ids'] as Uint8Array)
  const origins = row['origins'] as Uint8Array
  const probabilities = float64FromBlob(row['probabilities'] as Uint8Array)
  const staying = [...mapIds.keys()].filter((position) => maps.has(mapIds[position] ?? 0))
  return {
    ...row,
    length: staying.length,
    map_ids: toBlob(Uint32Array.from(staying, (position) => mapIds[position] ?? 0)),
    origins: toBlob(Uint8Array.from(staying, (position) => origins[position] ?? 0)),
    probabilities: toBlob(Float64Array.from(staying, (position) => probabilities[position] ?? 1)),
  }
}

function* batches<Member>(
  members: readonly Member[],
  read: (some: readonly Member[], first: number) => [RecordTable, Row[]],
): Generator<[RecordTable, Row[]]> {
  for (let first = 0; first < members.length; first += BATCH) {
    yield read(members.slice(first, first + BATCH), first)
  }
}

function rowsOf(database: Database, table: RecordTable, where: string, parameters: Parameters = {}): Row[] {
  return prepared(database, `SELECT ${quoted(columnsOf(table))} FROM ${table} WHERE ${where}`).all(
    parameters,
  ) as Row[]
}

function rowsInOrder(database: Database, table: 'samples' | 'maps', ids: readonly number[]): Row[] {
  const columns = columnsOf(table).map((name) => `${table}."${name}"`)
  const rows = prepared(
    database,
    `SELECT ${columns.join(', ')} FROM json_each(@ids) AS wanted JOIN ${table} ON ${table}.id = wanted.value
     ORDER BY wanted.key`,
  ).all({ ids: JSON.stringify(ids) }) as Row[]
  if (rows.length !== ids.length) throw new Error(`${ids.length - rows.length} ${table} are gone`)
  return rows
}

function regionStatement(database: Database) {
  return prepared(
    database,
    `SELECT ${quoted(REGION_COLUMNS)} FROM regions WHERE sample_id = @id ORDER BY position`,
  )
}

function quoted(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join(', ')
}

import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { MapChecks, MapStateName } from '../../shared/contract/common.ts'
import type { ExplainedMap } from '../compute/protocol.ts'
import { scoreWithoutTau, type StoredShares } from '../metrics/score.ts'
import { Blob, Float64Blob, toBlob } from './blobs.ts'
import { marksOf } from './map-shares.ts'
import { pixelScoresFromBlob, pixelScoresToBlob } from './pixel-scores.ts'
import { insertScores } from './scores.ts'
import { now, prepared, selectAll, selectNumber, selectOne, transact } from './statements.ts'

/** What the run that computed a map asked for; its class may be the label all the same. */
const TargetKind = z.enum(['label', 'predicted', 'class'])

/** An explained map of a stored sample. */
export interface NewMap extends Omit<ExplainedMap, 'index' | 'checks' | 'pixelScores' | 'logit'> {
  sampleId: number
  /** Of the explained class; null: nobody stated it. */
  logit: number | null
  targetKind: z.infer<typeof TargetKind>
  seed: number
  /** Absent: nothing was checked beside the sum. */
  checks?: MapChecks
  pixelScores?: StoredShares['pixelScores']
}

export interface NewPrediction {
  sampleId: number
  logits: Float32Array
  predicted: number
}

export interface MapBatch {
  runId: number
  modelId: number
  predictions: NewPrediction[]
  maps: NewMap[]
}

/**
 * Stores a batch in one transaction: predictions, maps, values, and the scores that follow from the shares. Maps and predictions that are there already are left as they are, so that a batch may be repeated.
 */
export function insertMaps(database: Database, batch: MapBatch): { inserted: number } {
  return transact(database, () => {
    insertPredictions(database, batch.modelId, batch.predictions)
    const createdAt = now()
    const marks = new Map(batch.maps.map(({ sampleId }) => [sampleId, marksOf(database, sampleId)]))
    let inserted = 0
    for (const map of batch.maps) {
      const mapId = insertMap(database, { ...map, runId: batch.runId, modelId: batch.modelId, createdAt })
      if (mapId === null) continue
      inserted += 1
      insertScores(database, mapId, scoreWithoutTau(map, marks.get(map.sampleId) ?? []))
    }
    return { inserted }
  })
}

/** Stores what a model says of samples; answers that are there already stay. */
export function insertPredictions(
  database: Database,
  modelId: number,
  predictions: readonly NewPrediction[],
): void {
  transact(database, () => {
    const statement = prepared(
      database,
      `INSERT INTO predictions (model_id, sample_id, predicted, logits) VALUES (@modelId, @sampleId, @predicted, @logits)
       ON CONFLICT (model_id, sample_id) DO NOTHING`,
    )
    for (const { sampleId, logits, predicted } of predictions) {
      statement.run({ modelId, sampleId, predicted, logits: toBlob(logits) })
    }
  })
}

/** The new map's id, null when the map was there. */
function insertMap(
  database: Database,
  {
    values,
    shares,
    sharesPositive,
    checks,
    pixelScores,
    ...map
  }: NewMap & { runId: number; modelId: number; createdAt: string },
): number | null {
  const { changes, lastInsertRowid } = prepared(
    database,
    `INSERT INTO maps (run_id, sample_id, model_id, method, target, target_kind, seed, logit, started, total, absolute,
       low, high, conservation, state, checks_json, shares, shares_positive, pixel_scores, created_at)
     VALUES (@runId, @sampleId, @modelId, @method, @target, @targetKind, @seed, @logit, @started, @total, @absolute,
       @low, @high, @conservation, @state, @checks, @shares, @sharesPositive, @pixelScores, @createdAt)
     ON CONFLICT (sample_id, model_id, method, target, seed) DO NOTHING`,
  ).run({
    ...map,
    checks: checks ? JSON.stringify(checks) : null,
    shares: toBlob(Float64Array.from(shares)),
    sharesPositive: toBlob(Float64Array.from(sharesPositive)),
    pixelScores: pixelScoresToBlob(pixelScores),
  })
  if (changes === 0) return null
  const mapId = Number(lastInsertRowid)
  prepared(database, 'INSERT INTO map_values (map_id, "values") VALUES (@mapId, @values)').run({
    mapId,
    values: toBlob(values),
  })
  return mapId
}

const MapRow = z.object({
  id: z.int(),
  runId: z.int(),
  sampleId: z.int(),
  modelId: z.int(),
  method: z.string(),
  target: z.int(),
  targetKind: TargetKind,
  seed: z.int(),
  logit: z.number().nullable(),
  started: z.number().nullable(),
  total: z.number(),
  absolute: z.number(),
  low: z.number(),
  high: z.number(),
  conservation: z.number().nullable(),
  state: MapStateName,
  checks: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : MapChecks.parse(JSON.parse(text)))),
  shares: Float64Blob.transform((shares) => [...shares]),
  sharesPositive: Float64Blob.transform((shares) => [...shares]),
  pixelScores: Blob.nullable().transform(pixelScoresFromBlob),
  createdAt: z.string(),
})
export type StoredMap = z.infer<typeof MapRow>

const MAP_COLUMNS = `
  maps.id, run_id AS runId, sample_id AS sampleId, model_id AS modelId, method, target, target_kind AS targetKind, seed,
  logit, started, total, absolute, low, high, conservation, state, checks_json AS checks,
  shares, shares_positive AS sharesPositive, pixel_scores AS pixelScores,
  created_at AS createdAt`

export function getMap(database: Database, id: number): StoredMap | undefined {
  return selectOne(database, MapRow, `SELECT ${MAP_COLUMNS} FROM maps WHERE id = @id`, { id })
}

/** The first of these ids that no map has. */
export function firstUnknownMap(database: Database, ids: readonly number[]): number | undefined {
  return selectOne(
    database,
    z.object({ id: z.int() }),
    `SELECT value AS id FROM json_each(@ids)
     WHERE NOT EXISTS (SELECT 1 FROM maps WHERE maps.id = value) ORDER BY key LIMIT 1`,
    { ids: JSON.stringify(ids) },
  )?.id
}

/** The maps with these ids, in their order; unknown ids are left out. */
export function listMaps(database: Database, ids: readonly number[]): StoredMap[] {
  return selectAll(
    database,
    MapRow,
    `SELECT ${MAP_COLUMNS} FROM json_each(@ids) AS wanted JOIN maps ON maps.id = wanted.value ORDER BY wanted.key`,
    { ids: JSON.stringify(ids) },
  )
}

/** Maps that a run stored. */
export function countMapsOfRun(database: Database, runId: number): number {
  return selectNumber(database, 'SELECT count(*) FROM maps WHERE run_id = @runId', { runId })
}

const ClassesRow = z.object({
  id: z.int(),
  target: z.int(),
  label: z.int(),
  predicted: z.int().nullable(),
})

/** The explained class of the maps with these ids, beside their sample's label and the model's prediction. */
export function listMapClasses(database: Database, ids: readonly number[]): z.infer<typeof ClassesRow>[] {
  return selectAll(
    database,
    ClassesRow,
    `SELECT maps.id, target, label, predicted
     FROM json_each(@ids) AS wanted
     JOIN maps ON maps.id = wanted.value
     JOIN samples ON samples.id = maps.sample_id
     LEFT JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id`,
    { ids: JSON.stringify(ids) },
  )
}

const SampleOfMapRow = z.object({ id: z.int(), sampleId: z.int() })

/** The sample of each of these maps, by map id. */
export function samplesOfMaps(database: Database, ids: readonly number[]): Map<number, number> {
  const rows = selectAll(
    database,
    SampleOfMapRow,
    'SELECT id, sample_id AS sampleId FROM maps WHERE id IN (SELECT value FROM json_each(@ids))',
    { ids: JSON.stringify(ids) },
  )
  return new Map(rows.map(({ id, sampleId }) => [id, sampleId]))
}

const ValuesRow = z.object({ values: Blob })

/** The map's values as float32 bytes. */
export function getMapBytes(database: Database, id: number): Uint8Array | undefined {
  return selectOne(database, ValuesRow, 'SELECT "values" AS "values" FROM map_values WHERE map_id = @id', {
    id,
  })?.values
}

const PredictionRow = z.object({ predicted: z.int(), logits: Blob })

export function getPrediction(database: Database, modelId: number, sampleId: number) {
  return selectOne(
    database,
    PredictionRow,
    'SELECT predicted, logits FROM predictions WHERE model_id = @modelId AND sample_id = @sampleId',
    { modelId, sampleId },
  )
}

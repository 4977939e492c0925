import type { Database } from 'better-sqlite3'
import type { VerdictRow } from '../../shared/contract/review.ts'
import type { MetricName } from '../../shared/names.ts'
import { METRICS_WITHOUT_TAU } from '../metrics/score.ts'
import { prepared, selectNumber } from './statements.ts'

/*
 * Scans of all maps. Their rows are not checked one by one, since that costs more than reading them: the types are those
 * of the columns, which STRICT tables guarantee.
 */

/** What filters look at, of one map. */
export type MapFacts = readonly [
  id: number,
  sampleId: number,
  modelId: number,
  sampleSetId: number,
  method: string,
  state: string,
  label: number,
  predicted: number | null,
  target: number,
]

/** Facts of the maps with an id above `after`, by ascending id. */
export function eachMapFacts(database: Database, after: number): Iterable<MapFacts> {
  return prepared(
    database,
    `SELECT maps.id, maps.sample_id, maps.model_id, samples.sample_set_id, method, state, label, predicted, target
     FROM maps JOIN samples ON samples.id = maps.sample_id
     LEFT JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id
     WHERE maps.id > @after ORDER BY maps.id`,
  )
    .raw()
    .iterate({ after }) as Iterable<MapFacts>
}

export function countMapsAfter(database: Database, after: number): number {
  return selectNumber(database, 'SELECT count(*) FROM maps WHERE id > @after', { after })
}

/** A map's id and its values in the order of `METRICS_WITHOUT_TAU`; null: undefined. */
export type MapValues = readonly [id: number, ...values: (number | null)[]]

const valueOf = (metric: MetricName) => `max(value) FILTER (WHERE metric = '${metric}')`

/** Stored values of the maps with an id above `after`, by ascending id. */
export function eachMapValues(database: Database, after: number): Iterable<MapValues> {
  return prepared(
    database,
    `SELECT map_id, ${METRICS_WITHOUT_TAU.map(valueOf).join(', ')}
     FROM scores WHERE map_id > @after GROUP BY map_id ORDER BY map_id`,
  )
    .raw()
    .iterate({ after }) as Iterable<MapValues>
}

/** A sample's id, and the shares of one of its maps as float64 bytes: the signed ones, then those of the positive part. */
export type MapShareBytes = readonly [sampleId: number, shares: Uint8Array]

/** Shares of the maps with an id above `after`, by ascending id. (One blob a row is read twice as fast as two.) */
export function allMapShareBytes(database: Database, after: number): MapShareBytes[] {
  return prepared(
    database,
    `SELECT sample_id, CAST(shares || shares_positive AS BLOB) FROM maps WHERE id > @after ORDER BY id`,
  )
    .raw()
    .all({ after }) as MapShareBytes[]
}

/** Scores by pixel of the maps with an id above `after`, by ascending id, as bytes; null where they were never measured. */
export function allPixelScoreBytes(database: Database, after: number): (Uint8Array | null)[] {
  return prepared(database, 'SELECT pixel_scores FROM maps WHERE id > @after ORDER BY id')
    .pluck()
    .all({ after }) as (Uint8Array | null)[]
}

/** Marks of the items, left to right, by sample, of the samples that have maps with an id above `after`. */
export function marksBySample(database: Database, after: number): Map<number, number[]> {
  const rows = prepared(
    database,
    `SELECT sample_id, mark FROM regions
     WHERE sample_id IN (SELECT sample_id FROM maps WHERE id > @after) ORDER BY sample_id, position`,
  )
    .raw()
    .all({ after }) as (readonly [sampleId: number, mark: number])[]
  const marks = new Map<number, number[]>()
  for (const [sampleId, mark] of rows) {
    const known = marks.get(sampleId)
    if (known === undefined) marks.set(sampleId, [mark])
    else known.push(mark)
  }
  return marks
}

/** What filters look at, of a verdict; `modes` is a list of failure modes as JSON. */
export type VerdictFacts = readonly [
  mapId: number,
  reviewer: string,
  verdict: VerdictRow['verdict'],
  modes: string,
]

/** The verdicts that count, of every map. */
export function latestVerdictFacts(database: Database): Iterable<VerdictFacts> {
  return prepared(database, 'SELECT map_id, reviewer, verdict, modes_json FROM latest_verdicts')
    .raw()
    .iterate() as Iterable<VerdictFacts>
}

/** The verdicts with an id above `after`, oldest first. */
export function verdictFactsAfter(database: Database, after: number): Iterable<VerdictFacts> {
  return prepared(
    database,
    'SELECT map_id, reviewer, verdict, modes_json FROM verdicts WHERE id > @after ORDER BY id',
  )
    .raw()
    .iterate({ after }) as Iterable<VerdictFacts>
}

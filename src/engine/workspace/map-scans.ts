import type { Database } from 'better-sqlite3'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import type { MetricName } from '../../shared/names.ts'
import { METRICS_WITHOUT_TAU } from '../metrics/score.ts'
import { prepared, selectNumber } from './statements.ts'

/*
 * Scans of all maps. Their rows are not checked one by one, since that costs more than reading them: the types are those
 * of the columns, which STRICT tables guarantee.
 */

/** What filters look at, of one map. */
export interface MapFacts {
  id: number
  sampleId: number
  modelId: number
  sampleSetId: number
  method: string
  state: string
  label: number
  predicted: number | null
  target: number
  /** Largest absolute value of a pixel. */
  peak: number
  /** Float64 bytes: the signed shares, those of the positive part, and the scores by pixel where there are any. */
  measured: Uint8Array
}

/** Up to `limit` maps with an id above `after`, by ascending id. (One blob a row is read twice as fast as three.) */
export function mapFactsAfter(database: Database, after: number, limit: number): MapFacts[] {
  return prepared(
    database,
    `SELECT maps.id, maps.sample_id AS sampleId, maps.model_id AS modelId, samples.sample_set_id AS sampleSetId, method,
       state, label, predicted, target, max(high, -low) AS peak,
       CAST(shares || shares_positive || coalesce(pixel_scores, x'') AS BLOB) AS measured
     FROM maps JOIN samples ON samples.id = maps.sample_id
     LEFT JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id
     WHERE maps.id > @after ORDER BY maps.id LIMIT @limit`,
  ).all({ after, limit }) as MapFacts[]
}

export function countMapsAfter(database: Database, after: number): number {
  return selectNumber(database, 'SELECT count(*) FROM maps WHERE id > @after', { after })
}

/** Ids of maps: `after` is not among them, `last` is. */
export interface MapRange {
  after: number
  last: number
}

/** A map's id and its values in the order of `METRICS_WITHOUT_TAU`; null: undefined. */
export type MapValues = readonly [id: number, ...values: (number | null)[]]

const valueOf = (metric: MetricName) => `max(value) FILTER (WHERE metric = '${metric}')`

/** Stored values of maps, by ascending id. */
export function mapValuesIn(database: Database, { after, last }: MapRange): MapValues[] {
  return prepared(
    database,
    `SELECT map_id, ${METRICS_WITHOUT_TAU.map(valueOf).join(', ')}
     FROM scores WHERE map_id > @after AND map_id <= @last GROUP BY map_id ORDER BY map_id`,
  )
    .raw()
    .all({ after, last }) as MapValues[]
}

/** Marks of the items, left to right, by sample, of the samples of maps. */
export function marksBySample(database: Database, { after, last }: MapRange): Map<number, number[]> {
  const rows = prepared(
    database,
    `SELECT sample_id, mark FROM regions
     WHERE sample_id IN (SELECT sample_id FROM maps WHERE id > @after AND id <= @last) ORDER BY sample_id, position`,
  )
    .raw()
    .all({ after, last }) as (readonly [sampleId: number, mark: number])[]
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

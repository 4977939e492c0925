import type { Database } from 'better-sqlite3'
import { METRICS } from '../../shared/names.ts'
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
]

/** Facts of the maps with an id above `after`, by ascending id. */
export function eachMapFacts(database: Database, after: number): Iterable<MapFacts> {
  return prepared(
    database,
    `SELECT maps.id, maps.sample_id, maps.model_id, samples.sample_set_id, method, state, label, predicted
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

/** A map's id and its values in the order of `METRICS`; null: undefined. */
export type MapValues = readonly [id: number, ...values: (number | null)[]]

const VALUE_COLUMNS = METRICS.map((metric) => `max(value) FILTER (WHERE metric = '${metric}')`).join(', ')

/** Values of all metrics for the maps with an id above `after`, by ascending id. */
export function eachMapValues(database: Database, after: number): Iterable<MapValues> {
  return prepared(
    database,
    `SELECT map_id, ${VALUE_COLUMNS} FROM scores WHERE map_id > @after GROUP BY map_id ORDER BY map_id`,
  )
    .raw()
    .iterate({ after }) as Iterable<MapValues>
}

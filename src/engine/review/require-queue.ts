import type { Database } from 'better-sqlite3'
import type { Queue } from '../../shared/contract/queues.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { getQueue, queueMapIds } from '../workspace/queues.ts'
import { rowOfMap, type MapColumns } from './map-columns.ts'

/** @throws HeatproofError `not_found` */
export function requireQueue(database: Database, id: number): Queue {
  const queue = getQueue(database, id)
  if (queue !== undefined) return queue
  throw unknownQueue(id)
}

export function unknownQueue(id: number): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no queue ${id}`,
    expected: 'the id of a queue of this workspace',
    advice: 'Choose filters and an order to make a new queue.',
  })
}

/** Ids of the samples that the maps of a queue explain. @throws HeatproofError `not_found` */
export function samplesOfQueue(
  database: Database,
  columns: Pick<MapColumns, 'mapIds' | 'sampleIds'>,
  id: number,
): Set<number> {
  const { length } = requireQueue(database, id)
  const mapIds = queueMapIds(database, id, { offset: 0, limit: length })
  return new Set(mapIds.map((mapId) => columns.sampleIds[rowOfMap(columns, mapId)] ?? 0))
}

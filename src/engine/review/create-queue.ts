import type { Database } from 'better-sqlite3'
import type { QueueRequest } from '../../shared/contract/review.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import { insertQueue } from '../workspace/queues.ts'
import { matchingRows } from './filter.ts'
import type { MapColumns } from './map-table.ts'
import { drawQueue, rankRows } from './queue.ts'

/** Draws a queue from the maps that match and stores it. Gives its id. */
export function createQueue(database: Database, columns: MapColumns, request: QueueRequest): number {
  const matching = matchingRows(columns, request.filter)
  const { size, seed, order } = request
  const randomShare = order === 'random' ? 1 : request.randomShare
  const queue = drawQueue(rank(database, columns, matching, request), { size, randomShare, seed })
  return insertQueue(database, {
    request,
    matching: matching.length,
    mapIds: queue.drawn.map((row) => columns.mapIds[row] ?? 0),
    randomFlags: queue.randomFlags,
    randomProbability: queue.randomProbability,
  })
}

function rank(
  database: Database,
  columns: MapColumns,
  rows: Uint32Array,
  { order, metric, size }: QueueRequest,
): Uint32Array {
  if (order === 'random') return rows
  if (order === 'sequence') return bySequence(columns, rows)
  const calibration = activeCalibration(database)
  const theta = calibration.metric === metric ? calibration.theta : null
  const first = size === 0 ? rows.length : size
  return rankRows(rows, columns.values[metric], { order, metric, theta, first })
}

/** All maps of a sample together, model by model and method by method. */
function bySequence({ sampleIds, facts }: MapColumns, rows: Uint32Array): Uint32Array {
  const columns = [sampleIds, facts.model.codes, facts.method.codes]
  return rows.toSorted((a, b) => {
    const differing = columns.find((column) => column[a] !== column[b])
    return differing === undefined ? a - b : (differing[a] ?? 0) - (differing[b] ?? 0)
  })
}

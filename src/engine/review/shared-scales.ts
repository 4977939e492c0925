import type { Database } from 'better-sqlite3'
import type { SharedScale } from '../../shared/contract/review.ts'
import { queueMapIds } from '../workspace/queues.ts'
import { rowOfMap, type MapColumns } from './map-columns.ts'
import { requireQueue } from './require-queue.ts'

/**
 * One scale for the maps of each method of a queue, so that faint maps look faint. It ends at the quantile `covered` of the
 * maps' largest absolute values: in units of the method, from 0.
 *
 * @param covered share of the maps that the scale shows whole, in [0, 1]; 1: all
 * @throws HeatproofError `not_found`
 */
export function sharedScales(
  database: Database,
  { mapIds, facts, peaks }: Pick<MapColumns, 'mapIds' | 'facts' | 'peaks'>,
  { queueId, covered }: { queueId: number; covered: number },
): SharedScale[] {
  const { length } = requireQueue(database, queueId)
  const { codes, values } = facts.method
  const rows = queueMapIds(database, queueId, { offset: 0, limit: length })
    .map((mapId) => rowOfMap({ mapIds }, mapId))
    .filter((row) => row >= 0)
  return [...Map.groupBy(rows, (row) => codes[row] ?? 0)].map(([code, members]) => {
    const sizes = Float64Array.from(members, (row) => peaks[row] ?? 0).sort()
    const limit = sizes[Math.ceil(covered * (sizes.length - 1))] ?? 0
    return { method: values[code] ?? '', limit, maps: sizes.length }
  })
}

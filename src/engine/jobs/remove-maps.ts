import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { MapTable } from '../review/map-table.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { freePages, giveBackPages, shrinks } from '../workspace/free-space.ts'
import { listQueueIds, removeFromQueue } from '../workspace/queues.ts'
import { inSlices } from './slices.ts'

/** Pages given back in the first transaction; how many are in the next ones, their time decides. */
const FIRST_PAGES = 50

/** Takes maps that are going to be deleted out of the table in memory and out of every queue. */
export async function leaveOut(database: Database, maps: MapTable, mapIds: readonly number[]): Promise<void> {
  const deleted = new Set(mapIds)
  const isDeleted = (mapId: number) => deleted.has(mapId)
  await maps.ready()
  maps.drop(isDeleted)
  // A queue that is being drawn from what the table was is stored before the next turn.
  await setImmediate()
  for (const id of listQueueIds(database)) {
    removeFromQueue(database, id, isDeleted)
    await setImmediate()
  }
}

/** Makes the file smaller by what became free, where it can. */
export async function giveBack(
  database: Database,
  signal: AbortSignal,
  tell: (left: number) => void,
): Promise<void> {
  if (!shrinks(database)) return
  await inSlices(FIRST_PAGES, (size) => {
    giveBackPages(database, size)
    const left = freePages(database)
    tell(left)
    return left > 0 && !signal.aborted
  })
}

/** @param what should have been deleted, e.g. `all maps of the run` */
export function stoppedDeleting(what: string): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: `${what} to be deleted`,
    advice: 'Resume the job to go on.',
  })
}

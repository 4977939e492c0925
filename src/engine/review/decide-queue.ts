import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import { type Queue } from '../../shared/contract/queues.ts'
import { MOST_AT_ONCE, type QueueVerdictInput } from '../../shared/contract/verdicts.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { queueMapIds } from '../workspace/queues.ts'
import { verdictsOfRequest } from '../workspace/verdicts.ts'
import { decide } from './decisions.ts'
import type { MapColumns } from './map-columns.ts'
import { requireQueue } from './require-queue.ts'
import { undecidedTests } from './unannounced.ts'

type Ranges = readonly (readonly [first: number, last: number])[]

/**
 * One verdict on the maps at places of a queue, as one decision. Gives how many maps. A request that was stored before is
 * only answered again.
 *
 * @param isWithheld whether any of these maps is hidden from the reviewer, whose verdict is blind then
 * @throws HeatproofError `not_found`, `conflict` where the queue has lost maps since it was shown, `bad_argument` where places
 *   lie beyond it or are too many; and what `decide` throws
 */
export function decideQueue(
  database: Database,
  { length, ranges, ...decision }: z.output<typeof QueueVerdictInput>,
  isWithheld: (mapIds: readonly number[]) => boolean,
): number {
  const { requestId, reviewer, queueId } = decision
  const stored = requestId === null ? [] : verdictsOfRequest(database, reviewer, requestId)
  if (stored.length > 0) return stored.length
  const queue = requireQueue(database, queueId)
  if (queue.length !== length) throw changedSince(queue, length)
  const mapIds = mapsAt(database, queue, ranges)
  if (mapIds.length > MOST_AT_ONCE) throw tooMany(mapIds.length)
  const blind = decision.blind || isWithheld(mapIds)
  return decide(database, { ...decision, mapIds, blind, note: '', box: null }).length
}

/** How many maps of a queue, or of places in it, the reviewer has decided; those that test them count once they are. */
export function countDecided(
  database: Database,
  columns: MapColumns,
  { queueId, reviewer, ranges }: { queueId: number; reviewer: string; ranges: Ranges | undefined },
): number {
  const queue = requireQueue(database, queueId)
  const verdicts = columns.reviewers.find((column) => column.reviewer === reviewer)?.verdicts
  if (verdicts === undefined || queue.length === 0) return 0
  const decided = new Set<number>()
  for (const [row, verdict] of verdicts.entries()) if (verdict !== 0) decided.add(columns.mapIds[row] ?? 0)
  const asked = { queueId, reviewer }
  for (const mapId of undecidedTests(database, asked).keys()) decided.delete(mapId)
  if (decided.size === 0) return 0
  return mapsAt(database, queue, ranges ?? [[0, queue.length - 1]]).filter((mapId) => decided.has(mapId))
    .length
}

/** @throws HeatproofError `bad_argument` where a range lies beyond the queue */
function mapsAt(database: Database, { id, length }: Queue, ranges: Ranges): number[] {
  return ranges.flatMap(([first, last]) => {
    if (first > last || last >= length) throw beyond(last, length)
    return queueMapIds(database, id, { offset: first, limit: last - first + 1 })
  })
}

function changedSince({ length }: Queue, shown: number): HeatproofError {
  return new HeatproofError('conflict', {
    found: `a queue of ${length} maps`,
    expected: `the queue of ${shown} maps that was shown`,
    advice: 'Maps of a deleted run have left it. Select again; nothing was decided.',
  })
}

function tooMany(count: number): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: `one verdict on ${count} maps`,
    expected: `at most ${MOST_AT_ONCE}`,
    advice: 'Select fewer, or narrow the queue down.',
  })
}

function beyond(place: number, length: number): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: `place ${place} of a queue`,
    expected: `places from 0 to ${length - 1}, in ascending order`,
    advice: 'Select again.',
  })
}

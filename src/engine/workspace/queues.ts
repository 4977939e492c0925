import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Queue, QueueRequest } from '../../shared/contract/queues.ts'
import { Blob, Float64Blob, json, toBlob, Uint32Blob } from './blobs.ts'
import { execute, insert, now, prepared, selectOne, transact } from './statements.ts'

/** Why a map is in a queue: by its place in the order, at random, or unannounced to test the reviewer. */
export const ORIGINS = ['ordered', 'random', 'repeat', 'known'] as const
export type Origin = (typeof ORIGINS)[number]

export interface NewQueue {
  request: QueueRequest
  /** Maps that the filter let through. */
  matching: number
  /** In the order in which they are shown. */
  mapIds: Uint32Array
  /** Why each is there: indices into `ORIGINS`. */
  origins: Uint8Array
  /** Probability with which each was drawn. */
  probabilities: Float64Array
}

const QueueRow = z.object({ ...Queue.shape, request: json(QueueRequest) })

export function insertQueue(database: Database, queue: NewQueue): number {
  return insert(
    database,
    `INSERT INTO queues (request_json, matching, length, created_at, map_ids, origins, probabilities)
     VALUES (@request, @matching, @length, @createdAt, @mapIds, @origins, @probabilities)`,
    {
      request: JSON.stringify(queue.request),
      matching: queue.matching,
      length: queue.mapIds.length,
      createdAt: now(),
      mapIds: toBlob(queue.mapIds),
      origins: toBlob(queue.origins),
      probabilities: toBlob(queue.probabilities),
    },
  )
}

export function getQueue(database: Database, id: number): Queue | undefined {
  return selectOne(
    database,
    QueueRow,
    'SELECT id, request_json AS request, matching, length, created_at AS createdAt FROM queues WHERE id = @id',
    { id },
  )
}

/** Ids of the queues that bring up again what their reviewer has decided, oldest first. */
export function listRepeatQueues(database: Database): number[] {
  const statement = prepared(
    database,
    "SELECT id FROM queues WHERE coalesce(request_json ->> '$.repeatShare', 0) > 0 ORDER BY id",
  )
  return z.array(z.int()).parse(statement.pluck().all())
}

/** Ids of the maps from `offset` on. */
export function queueMapIds(
  database: Database,
  id: number,
  { offset, limit }: { offset: number; limit: number },
): number[] {
  return [...(drawsOf(database, id)?.mapIds.subarray(offset, offset + limit) ?? [])]
}

/** How a queue came to a map. */
export interface Draw {
  /** From 0. */
  position: number
  origin: Origin
  probability: number
}

/** How a queue drew these maps, or all of its maps, by map id. Undefined when there is no such queue. */
export function queueDraws(
  database: Database,
  id: number,
  mapIds?: readonly number[],
): Map<number, Draw> | undefined {
  const columns = drawsOf(database, id)
  if (columns === undefined) return undefined
  const draws = new Map<number, Draw>()
  for (const position of positionsOf(columns.mapIds, mapIds)) {
    draws.set(columns.mapIds[position] ?? 0, {
      position,
      origin: ORIGINS[columns.origins[position] ?? 0] ?? 'ordered',
      probability: columns.probabilities[position] ?? 1,
    })
  }
  return draws
}

/** Places of these maps in a queue, ascending; without maps: all. */
function positionsOf(queue: Uint32Array, mapIds: readonly number[] | undefined): Iterable<number> {
  if (mapIds === undefined) return queue.keys()
  const [only, ...others] = mapIds
  if (only !== undefined && others.length === 0) return [queue.indexOf(only)].filter((place) => place >= 0)
  const wanted = new Set(mapIds)
  const positions: number[] = []
  for (let position = 0; position < queue.length; position += 1) {
    if (wanted.has(queue[position] ?? 0)) positions.push(position)
  }
  return positions
}

/** Maps of a queue that are there, unannounced, to test the reviewer, and which kind of test each is; empty without a queue. */
export function queueTests(database: Database, id: number): ReadonlyMap<number, Origin> {
  return drawsOf(database, id)?.tests ?? new Map<number, Origin>()
}

interface DrawColumns extends Pick<NewQueue, 'mapIds' | 'origins' | 'probabilities'> {
  tests: ReadonlyMap<number, Origin>
}

const DrawRow = z.object({ mapIds: Uint32Blob, origins: Blob, probabilities: Float64Blob })

/** Queues kept in memory: as many as reviewers are at work at once, and some more. */
const KEPT_QUEUES = 16
const kept = new WeakMap<Database, Map<number, DrawColumns>>()

/**
 * A queue's columns. Only {@link removeFromQueue} changes queues, so those that were asked for last stay in memory: each verdict
 * and page asks.
 */
function drawsOf(database: Database, id: number): DrawColumns | undefined {
  const queues = kept.get(database) ?? new Map<number, DrawColumns>()
  kept.set(database, queues)
  const columns = queues.get(id) ?? readDraws(database, id)
  if (columns === undefined) return undefined
  queues.delete(id)
  queues.set(id, columns)
  const [oldest] = queues.keys()
  if (queues.size > KEPT_QUEUES && oldest !== undefined) queues.delete(oldest)
  return columns
}

function readDraws(database: Database, id: number): DrawColumns | undefined {
  const columns = selectOne(
    database,
    DrawRow,
    'SELECT map_ids AS mapIds, origins, probabilities FROM queues WHERE id = @id',
    { id },
  )
  return columns && { ...columns, tests: testsIn(columns) }
}

function testsIn({ mapIds, origins }: z.output<typeof DrawRow>): Map<number, Origin> {
  const tests = new Map<number, Origin>()
  for (const [position, code] of origins.entries()) {
    const origin = ORIGINS[code]
    if (origin === 'repeat' || origin === 'known') tests.set(mapIds[position] ?? 0, origin)
  }
  return tests
}

/** Ids of all queues, oldest first. */
export function listQueueIds(database: Database): number[] {
  return z.array(z.int()).parse(prepared(database, 'SELECT id FROM queues ORDER BY id').pluck().all())
}

/** Ids of the queues that are blind for reviewers. */
export function listBlindQueueIds(database: Database): number[] {
  return z
    .array(z.int())
    .parse(prepared(database, "SELECT id FROM queues WHERE request_json ->> 'blind' = 1").pluck().all())
}

/**
 * Takes maps that are deleted out of a queue: the others move up, with how they were drawn, and so do the reviewers' places.
 * Gives whether any of the maps was in the queue.
 */
export function removeFromQueue(
  database: Database,
  id: number,
  isDeleted: (mapId: number) => boolean,
): boolean {
  const columns = readDraws(database, id)
  if (columns === undefined) return false
  const { mapIds } = columns
  const staying = Uint32Array.from(mapIds.keys()).filter((position) => !isDeleted(mapIds[position] ?? 0))
  if (staying.length === mapIds.length) return false
  transact(database, () => {
    execute(
      database,
      `UPDATE queues SET length = @length, map_ids = @mapIds, origins = @origins, probabilities = @probabilities
       WHERE id = @id`,
      {
        id,
        length: staying.length,
        mapIds: toBlob(staying.map((position) => mapIds[position] ?? 0)),
        origins: toBlob(Uint8Array.from(staying, (position) => columns.origins[position] ?? 0)),
        probabilities: toBlob(Float64Array.from(staying, (position) => columns.probabilities[position] ?? 1)),
      },
    )
    execute(
      database,
      `UPDATE places SET position = (SELECT count(*) FROM json_each(@kept) WHERE value < places.position)
       WHERE queue_id = @id`,
      { id, kept: JSON.stringify([...staying]) },
    )
  })
  kept.get(database)?.delete(id)
  return true
}

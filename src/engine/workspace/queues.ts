import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Queue, QueueRequest } from '../../shared/contract/review.ts'
import { Blob, float64FromBlob, json, toBlob, uint32FromBlob } from './blobs.ts'
import { insert, now, selectOne } from './statements.ts'

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

const BYTES_AN_ID = Uint32Array.BYTES_PER_ELEMENT

const MapIdsRow = z.object({ mapIds: Blob })

/** Ids of the maps from `offset` on; reads that part of the queue alone. `substr` of an empty blob is NULL. */
export function queueMapIds(
  database: Database,
  id: number,
  { offset, limit }: { offset: number; limit: number },
): number[] {
  const row = selectOne(
    database,
    MapIdsRow,
    "SELECT coalesce(substr(map_ids, @first, @bytes), x'') AS mapIds FROM queues WHERE id = @id",
    { id, first: offset * BYTES_AN_ID + 1, bytes: limit * BYTES_AN_ID },
  )
  return row === undefined ? [] : [...uint32FromBlob(row.mapIds)]
}

/** How a queue came to a map. */
export interface Draw {
  /** From 0. */
  position: number
  origin: Origin
  probability: number
}

const DrawRow = z.object({ mapIds: Blob, origins: Blob, probabilities: Blob })

/** How a queue drew these maps, or all of its maps, by map id. Undefined when there is no such queue. */
export function queueDraws(
  database: Database,
  id: number,
  mapIds?: readonly number[],
): Map<number, Draw> | undefined {
  const row = selectOne(
    database,
    DrawRow,
    'SELECT map_ids AS mapIds, origins, probabilities FROM queues WHERE id = @id',
    { id },
  )
  if (row === undefined) return undefined
  const wanted = mapIds && new Set(mapIds)
  const probabilities = float64FromBlob(row.probabilities)
  const draws = new Map<number, Draw>()
  uint32FromBlob(row.mapIds).forEach((mapId, position) => {
    if (wanted?.has(mapId) === false) return
    const origin = ORIGINS[row.origins[position] ?? 0] ?? 'ordered'
    draws.set(mapId, { position, origin, probability: probabilities[position] ?? 1 })
  })
  return draws
}

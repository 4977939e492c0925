import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Queue, QueueRequest } from '../../shared/contract/review.ts'
import { Blob, json, toBlob, uint32FromBlob } from './blobs.ts'
import { insert, now, selectOne } from './statements.ts'

export interface NewQueue {
  request: QueueRequest
  /** Maps that the filter let through. */
  matching: number
  /** In the order in which they are shown. */
  mapIds: Uint32Array
  /** 1 where the map was drawn at random. */
  randomFlags: Uint8Array
  /** Probability with which each of those was drawn; the others were drawn for certain. */
  randomProbability: number
}

const QueueRow = z.object({ ...Queue.shape, request: json(QueueRequest) })

export function insertQueue(database: Database, queue: NewQueue): number {
  return insert(
    database,
    `INSERT INTO queues (request_json, matching, length, random_probability, created_at, map_ids, random_flags)
     VALUES (@request, @matching, @length, @randomProbability, @createdAt, @mapIds, @randomFlags)`,
    {
      request: JSON.stringify(queue.request),
      matching: queue.matching,
      length: queue.mapIds.length,
      randomProbability: queue.randomProbability,
      createdAt: now(),
      mapIds: toBlob(queue.mapIds),
      randomFlags: toBlob(queue.randomFlags),
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

export interface Draw {
  probability: number
  drawnAtRandom: boolean
}

const DrawRow = z.object({ mapIds: Blob, randomFlags: Blob, randomProbability: z.number() })

/** How a queue drew these maps, by map id; maps that it does not hold are left out. Undefined when there is no such queue. */
export function queueDraws(
  database: Database,
  id: number,
  mapIds: readonly number[],
): Map<number, Draw> | undefined {
  const row = selectOne(
    database,
    DrawRow,
    `SELECT map_ids AS mapIds, random_flags AS randomFlags, random_probability AS randomProbability
     FROM queues WHERE id = @id`,
    { id },
  )
  if (row === undefined) return undefined
  const wanted = new Set(mapIds)
  const draws = new Map<number, Draw>()
  uint32FromBlob(row.mapIds).forEach((mapId, position) => {
    if (!wanted.has(mapId)) return
    const drawnAtRandom = row.randomFlags[position] === 1
    draws.set(mapId, { drawnAtRandom, probability: drawnAtRandom ? row.randomProbability : 1 })
  })
  return draws
}

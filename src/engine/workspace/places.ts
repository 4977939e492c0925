import type { Database } from 'better-sqlite3'
import { Place } from '../../shared/contract/queues.ts'
import { execute, now, selectOne } from './statements.ts'

/** Where the reviewer was in a queue, without one in the queue that they were in last; null: nowhere yet. */
export function placeOf(database: Database, reviewer: string, queueId: number | null): Place | null {
  const place = selectOne(
    database,
    Place,
    `SELECT queue_id AS queueId, position FROM places WHERE reviewer = @reviewer AND queue_id = coalesce(@queueId, queue_id)
     ORDER BY visited_at DESC, queue_id DESC LIMIT 1`,
    { reviewer, queueId },
  )
  return place ?? null
}

export function setPlace(database: Database, reviewer: string, { queueId, position }: Place): void {
  execute(
    database,
    `INSERT INTO places (reviewer, queue_id, position, visited_at) VALUES (@reviewer, @queueId, @position, @visitedAt)
     ON CONFLICT (reviewer, queue_id) DO UPDATE SET position = excluded.position, visited_at = excluded.visited_at`,
    { reviewer, queueId, position, visitedAt: now() },
  )
}

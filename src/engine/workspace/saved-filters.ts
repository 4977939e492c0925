import type { Database } from 'better-sqlite3'
import { QueueRequest, SavedFilter } from '../../shared/contract/queues.ts'
import { json } from './blobs.ts'
import { execute, now, selectAll } from './statements.ts'

const SavedFilterRow = SavedFilter.extend({ request: json(QueueRequest) })

/** In alphabetical order. */
export function listSavedFilters(database: Database): SavedFilter[] {
  return selectAll(
    database,
    SavedFilterRow,
    'SELECT name, request_json AS request, created_at AS createdAt FROM saved_filters ORDER BY name COLLATE NOCASE, name',
  )
}

/** Keeps the request under the name, instead of what the name stood for. */
export function saveFilter(database: Database, name: string, request: QueueRequest): void {
  execute(
    database,
    `INSERT INTO saved_filters (name, request_json, created_at) VALUES (@name, @request, @createdAt)
     ON CONFLICT (name) DO UPDATE SET request_json = excluded.request_json, created_at = excluded.created_at`,
    { name, request: JSON.stringify(request), createdAt: now() },
  )
}

/** @returns whether there was one */
export function removeFilter(database: Database, name: string): boolean {
  return execute(database, 'DELETE FROM saved_filters WHERE name = @name', { name }).changes > 0
}

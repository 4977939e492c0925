import type { Database } from 'better-sqlite3'
import { setSetting } from './settings.ts'
import { execute, selectNumber } from './statements.ts'

/** Setting: the largest id that a sample had when samples were deleted last. */
const USED = 'largestSampleId'

/** The id of the next sample. That of a deleted one is never used again: browsers keep what they saw at an address. */
export function nextSampleId(database: Database): number {
  return selectNumber(
    database,
    `SELECT 1 + max(coalesce((SELECT max(id) FROM samples), 0),
       coalesce((SELECT CAST(value_json AS INTEGER) FROM settings WHERE key = '${USED}'), 0))`,
  )
}

/** Deletes samples with all that is known of them; to be called in a transaction, for samples without maps. */
export function deleteSamples(database: Database, sampleIds: readonly number[]): void {
  if (sampleIds.length === 0) return
  setSetting(database, USED, nextSampleId(database) - 1)
  for (const [table, column] of [
    ['predictions', 'sample_id'],
    ['regions', 'sample_id'],
    ['samples', 'id'],
  ] as const) {
    execute(database, `DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(@ids))`, {
      ids: JSON.stringify(sampleIds),
    })
  }
}

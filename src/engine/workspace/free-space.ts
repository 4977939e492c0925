import type { Database } from 'better-sqlite3'

const INCREMENTAL = 2

/**
 * Makes a file that has no table yet able to become smaller part by part. Files of before this cannot: their free pages are used
 * again for new rows.
 */
export function makeShrinkable(database: Database): void {
  database.pragma(`auto_vacuum = ${INCREMENTAL}`)
}

/** Whether the file can become smaller. */
export function shrinks(database: Database): boolean {
  return Number(database.pragma('auto_vacuum', { simple: true })) === INCREMENTAL
}

/** Pages of the file that hold nothing. */
export function freePages(database: Database): number {
  return Number(database.pragma('freelist_count', { simple: true }))
}

/** Cuts up to so many free pages off the file. */
export function giveBackPages(database: Database, pages: number): void {
  database.pragma(`incremental_vacuum(${pages})`)
}

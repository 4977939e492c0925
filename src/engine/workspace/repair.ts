import { existsSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { APPLICATION_ID, checkHeader, readVersion } from './header.ts'
import { migrate, MIGRATIONS } from './migrations/migrations.ts'
import { readableRows } from './readable-rows.ts'
import { coerceStorageError } from './storage-errors.ts'

/** What of a table could be saved. */
export interface RepairedTable {
  table: string
  saved: number
  /** Places of the table that could not be read; each may have held several rows. */
  unreadable: number
  /** Rows that were read and no longer fit: their values are damaged, or what they refer to is lost. */
  unfit: number
}

/** Filled by triggers while the verdicts are written. */
const DERIVED = /^(latest_verdicts|verdict_notes.*|audit_log|sqlite_.*)$/

/**
 * Reads what can be read of a damaged workspace and writes it to a new one, of this program's version. The damaged file is
 * only read.
 *
 * @returns the tables of the workspace, those that others refer to first
 * @throws HeatproofError `not_found`, `not_a_workspace` (its header is damaged too), `newer_workspace`, `conflict` (`target` is
 *   there), `cannot_write`
 */
export function repairWorkspace(damaged: string, target: string): RepairedTable[] {
  const [from, to] = [resolve(damaged), resolve(target)]
  if (!existsSync(from)) throw refused('not_found', `no file at ${from}`, 'a damaged workspace')
  if (existsSync(to)) throw refused('conflict', `a file at ${to}`, 'the name of a new file')
  checkHeader(from)
  const part = `${to}.part`
  rmSync(part, { force: true })
  try {
    const tables = copyTables(from, part)
    renameSync(part, to)
    return tables
  } catch (error) {
    throw coerceStorageError(error, to)
  } finally {
    rmSync(part, { force: true })
    rmSync(`${part}-journal`, { force: true })
  }
}

function copyTables(from: string, to: string): RepairedTable[] {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true })
  const target = new Sqlite(to)
  try {
    target.pragma(`application_id = ${APPLICATION_ID}`)
    target.pragma('foreign_keys = ON')
    migrate(target, MIGRATIONS.slice(0, readVersion(from)))
    const tables = tablesByReference(target).map((table) =>
      target.transaction(() => copyTable(source, target, table))(),
    )
    migrate(target)
    return tables
  } finally {
    source.close()
    target.close()
  }
}

function copyTable(source: Database, target: Database, table: string): RepairedTable {
  const columns = columnsOf(target, table)
  const insert = target.prepare(
    `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
  )
  const result = { table, saved: 0, unreadable: 0, unfit: 0 }
  for (const row of readableRows(source, table, columns)) {
    if (row === null) result.unreadable += 1
    else if (fits(() => insert.run(row))) result.saved += 1
    else result.unfit += 1
  }
  return result
}

/** Whether the tables accept what is written: their types, checks, keys and references. */
function fits(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return false
    throw error
  }
}

/** The tables that hold something of their own, each after those that it refers to. */
function tablesByReference(database: Database): string[] {
  const names = z
    .array(z.string())
    .parse(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all())
    .filter((name) => !DERIVED.test(name))
  const placed = new Set<string>()
  const place = (table: string): void => {
    if (placed.has(table) || !names.includes(table)) return
    for (const other of referencesOf(database, table)) if (other !== table) place(other)
    placed.add(table)
  }
  names.forEach(place)
  return [...placed]
}

function referencesOf(database: Database, table: string): string[] {
  return z
    .array(z.string())
    .parse(database.prepare('SELECT "table" FROM pragma_foreign_key_list(?)').pluck().all(table))
}

function columnsOf(database: Database, table: string): string[] {
  return z
    .array(z.string())
    .parse(database.prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(table))
}

function refused(code: 'not_found' | 'conflict', found: string, expected: string): HeatproofError {
  return new HeatproofError(code, { found, expected, advice: 'Nothing was written. Correct the path.' })
}

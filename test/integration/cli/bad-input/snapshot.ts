import { createHash } from 'node:crypto'
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import Sqlite from 'better-sqlite3'

/** What lies in a folder: a hash of every file by its path, and of every table of every workspace that was not yet opened. */
export type Snapshot = ReadonlyMap<string, string>

const WORKSPACE = /\.heatproof$/

/** @param folder whose files are listed, folders and links included */
export function takeSnapshot(folder: string): Snapshot {
  const found = new Map<string, string>()
  const visit = (path: string): void => {
    const name = relative(folder, path)
    const status = lstatSync(path)
    if (status.isDirectory()) {
      if (path !== folder) found.set(name, 'a folder')
      for (const entry of readdirSync(path)) visit(join(path, entry))
    } else if (status.isFile()) {
      const bytes = readFileSync(path)
      found.set(name, hashOf(bytes))
      if (WORKSPACE.test(name))
        for (const [table, hash] of tablesOf(path)) found.set(`${name}: ${table}`, hash)
    } else found.set(name, 'something else')
  }
  visit(folder)
  return found
}

/**
 * Paths that came, went or have another content. A workspace that was opened may have other bytes, but only the tables that
 * `mayGrow` names may differ (`-wal`: a log that there was no room to fold in), and it must be as sound as before.
 */
export function differences(before: Snapshot, after: Snapshot, mayGrow: readonly string[] = []): string[] {
  const isAsSound = (check: string) => [before.get(check), 'ok'].includes(after.get(check))
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.filter((path) => {
    if (before.get(path) === after.get(path)) return false
    if (WORKSPACE.test(path)) return !(before.has(path) && isAsSound(`${path}: integrity`))
    return !mayGrow.some(
      (table) => path.endsWith(`.heatproof: ${table}`) || path.endsWith(`.heatproof${table}`),
    )
  })
}

/** Hash of the rows of each table, and what SQLite says of the whole; of a copy, so that the file stays as it is. */
function tablesOf(path: string): Map<string, string> {
  const tables = new Map<string, string>()
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-snapshot-'))
  const copy = join(folder, 'copy')
  for (const part of ['', '-wal', '-journal']) {
    if (lstatSync(path + part, { throwIfNoEntry: false })) cpSync(path + part, copy + part)
  }
  let database
  try {
    database = new Sqlite(copy)
    tables.set('integrity', String(database.pragma('integrity_check', { simple: true })))
    const names = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
    for (const name of names) tables.set(String(name), hashOf(rowsOf(database, String(name))))
  } catch {
    tables.set('integrity', 'no database')
  } finally {
    database?.close()
    rmSync(folder, { recursive: true })
  }
  return tables
}

function rowsOf(database: Sqlite.Database, table: string): string {
  const rows = database.prepare(`SELECT * FROM "${table}"`).raw().all()
  return JSON.stringify(rows, (_, value: unknown) => (Buffer.isBuffer(value) ? hashOf(value) : value))
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

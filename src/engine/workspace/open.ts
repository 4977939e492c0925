import { accessSync, constants, existsSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { HeatproofError } from '../../shared/errors.ts'
import { backUpBeforeMigration } from './backups.ts'
import { makeShrinkable } from './free-space.ts'
import { APPLICATION_ID, checkHeader } from './header.ts'
import { isOutdated, migrate } from './migrations/migrations.ts'
import { cannotWrite, coerceStorageError, workspaceInUse } from './storage-errors.ts'

export interface Workspace {
  /** Absolute, without symbolic links. */
  readonly path: string
  /** The file's name without its extension. */
  readonly name: string
  readonly database: Database
  /** Folds the write-ahead log into the file and lets the lock go. Harmless when it was closed before. */
  close(): void
}

/**
 * Device and inode of the workspaces that this process has open. POSIX locks belong to a process and vanish when it
 * closes any handle on the file, so a second opening must be refused before the file is read.
 */
const openFiles = new Set<string>()

/**
 * Opens a workspace for this process alone; with `create` a missing file is made. The file is brought up to date, after a
 * backup of it as it was.
 * A file that is refused is not touched.
 *
 * @throws HeatproofError `not_found`, `not_a_workspace`, `newer_workspace`, `workspace_in_use`, `cannot_write`
 */
export function openWorkspace(path: string, { create = false }: { create?: boolean } = {}): Workspace {
  const absolute = resolve(path)
  const exists = existsSync(absolute)
  if (!exists && !create) throw missing(absolute)
  if (!exists && !existsSync(dirname(absolute))) throw cannotWrite(absolute, 'no such folder')
  if (exists) {
    if (openFiles.has(fileKey(absolute))) throw workspaceInUse(absolute)
    checkHeader(absolute)
    requireWritable(absolute)
  }
  const database = connect(absolute, exists)
  const real = realpathSync(absolute)
  const key = fileKey(real)
  openFiles.add(key)
  return {
    path: real,
    name: basename(real, extname(real)),
    database,
    close() {
      if (!database.open) return
      database.close()
      openFiles.delete(key)
    },
  }
}

function connect(path: string, exists: boolean): Database {
  let database: Database | undefined
  try {
    database = new Sqlite(path, { timeout: 0, fileMustExist: exists })
    prepare(database, path, exists)
    return database
  } catch (error) {
    database?.close()
    if (!exists) for (const part of ['', '-journal', '-wal']) rmSync(path + part, { force: true })
    throw coerceStorageError(error, path)
  }
}

/**
 * Takes the lock first. The schema is written with a rollback journal, so that the header in the file itself always tells
 * the true version; after that the write-ahead log is used. Every commit waits for the disk.
 */
function prepare(database: Database, path: string, exists: boolean): void {
  database.pragma('locking_mode = EXCLUSIVE')
  if (!exists) makeShrinkable(database)
  database.pragma('journal_mode = DELETE')
  database.exec('BEGIN EXCLUSIVE; COMMIT')
  if (!exists) database.pragma(`application_id = ${APPLICATION_ID}`)
  database.pragma('foreign_keys = ON')
  if (exists && isOutdated(database)) backUpBeforeMigration(database, path)
  migrate(database)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('cache_size = -65536')
  database.pragma('temp_store = MEMORY')
}

/** SQLite itself would only speak of a disk error. */
function requireWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw coerceStorageError(error, path)
  }
}

function fileKey(path: string): string {
  const { dev, ino } = statSync(path)
  return `${dev}:${ino}`
}

function missing(path: string): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no file at ${path}`,
    expected: 'a Heatproof workspace',
    advice: 'Correct the path, or make a workspace with `heatproof init FILE`.',
  })
}

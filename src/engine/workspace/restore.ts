import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { HeatproofError } from '../../shared/errors.ts'
import { checkHeader } from './header.ts'
import { coerceStorageError, requireRoom, workspaceInUse } from './storage-errors.ts'

/** What SQLite keeps beside a database; it belongs to the file of that name. */
const COMPANIONS = ['', '-wal', '-shm', '-journal']

/**
 * Puts a backup in the place of a workspace. The workspace that was there, damaged or not, is kept under another name.
 *
 * @returns where the former workspace is now; null where there was none
 * @throws HeatproofError `not_found`, `not_a_workspace` (also a damaged backup), `newer_workspace`, `workspace_in_use`,
 *   `cannot_write`; the workspace is then as it was
 */
export function restoreBackup(backup: string, workspace: string): string | null {
  const [from, to] = [resolve(backup), resolve(workspace)]
  if (!existsSync(from)) {
    throw new HeatproofError('not_found', {
      found: `no file at ${from}`,
      expected: 'a backup',
      advice: 'See which there are with `heatproof backup --list`.',
    })
  }
  requireRoom(to, statSync(from).size)
  requireWhole(from)
  requireClosed(to)
  const restored = `${to}.restoring`
  try {
    copyFileSync(from, restored)
    requireWhole(restored)
    const kept = setAside(to)
    renameSync(restored, to)
    return kept
  } catch (error) {
    rmSync(restored, { force: true })
    throw coerceStorageError(error, to)
  }
}

function requireWhole(path: string): void {
  checkHeader(path)
  // A connection that only reads makes a log and may not remove it.
  const hadLog = existsSync(`${path}-wal`)
  let database
  try {
    database = new Sqlite(path, { readonly: true, fileMustExist: true })
    const found = database.pragma('integrity_check(1)', { simple: true })
    if (found === 'ok') return
    throw new HeatproofError('not_a_workspace', {
      found: `damage in the backup ${path} (${String(found)})`,
      expected: 'a whole workspace',
      advice: 'Choose an older backup. Nothing was changed.',
    })
  } catch (error) {
    throw coerceStorageError(error, path)
  } finally {
    database?.close()
    if (!hadLog) for (const part of ['-wal', '-shm']) rmSync(path + part, { force: true })
  }
}

/** A damaged file has no owner; any other must let itself be locked. */
function requireClosed(path: string): void {
  if (!existsSync(path)) return
  let database
  try {
    database = new Sqlite(path, { timeout: 0, fileMustExist: true })
    database.exec('BEGIN EXCLUSIVE; ROLLBACK')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) throw workspaceInUse(path, error)
  } finally {
    database?.close()
  }
}

function setAside(workspace: string): string | null {
  if (!existsSync(workspace)) return null
  const kept = `${workspace}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`
  for (const companion of COMPANIONS) {
    if (existsSync(workspace + companion)) renameSync(workspace + companion, kept + companion)
  }
  return kept
}

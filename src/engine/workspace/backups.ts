import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { checkHeader, readVersion } from './header.ts'
import { WORKSPACE_VERSION } from './migrations/migrations.ts'
import { coerceStorageError, requireRoom } from './storage-errors.ts'

/** A copy of a workspace as it was at one moment, itself a workspace. */
export interface Backup {
  path: string
  /** When it was made, ISO 8601 in UTC. */
  at: string
  /** Of the workspace's tables. */
  version: number
  /** It was made because the tables were about to change. */
  beforeMigration: boolean
  bytes: number
}

/** How many backups are kept: the newest. */
export const KEPT_BACKUPS = 10

/** Pages copied before other work may go on: 400 kB. */
const PAGES_AT_ONCE = 100

const NAME = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)(-before-version-\d+)?\.heatproof$/

/** The folder beside a workspace that its backups are in. */
export function backupFolder(workspace: string): string {
  return `${resolve(workspace)}-backups`
}

/** Newest first. */
export function listBackups(workspace: string): Backup[] {
  const folder = backupFolder(workspace)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((name) => {
      const [, hour, minute, second, before] = NAME.exec(name) ?? []
      if (hour === undefined || minute === undefined || second === undefined) return []
      const path = join(folder, name)
      return {
        path,
        at: `${hour}:${minute}:${second}`,
        version: readVersion(path),
        beforeMigration: before !== undefined,
        bytes: statSync(path).size,
      }
    })
    .sort((a, b) => (a.path < b.path ? 1 : -1))
}

/**
 * Copies an open workspace into its folder of backups while others go on reading and writing, and removes the oldest ones
 * beyond {@link KEPT_BACKUPS}. The copy has its name only when it is whole.
 *
 * @param onProgress share that is copied, in [0, 1]
 * @throws HeatproofError `cannot_write`
 */
export async function backUp(
  database: Database,
  workspace: string,
  onProgress: (share: number) => void = () => undefined,
): Promise<Backup> {
  requireRoom(backupFolder(workspace), pagesOf(database, 'page_count'))
  const target = newTarget(workspace)
  try {
    await database.backup(target.part, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return PAGES_AT_ONCE
      },
    })
    return finish(workspace, target)
  } catch (error) {
    discard(target)
    throw coerceStorageError(error, target.path)
  }
}

/**
 * The same before the tables change, at once, by a connection that holds the file for itself.
 *
 * @throws HeatproofError `cannot_write`, `not_a_workspace` (damaged)
 */
export function backUpBeforeMigration(database: Database, workspace: string): Backup {
  const content = pagesOf(database, 'page_count') - pagesOf(database, 'freelist_count')
  requireRoom(backupFolder(workspace), content)
  const target = newTarget(workspace, `-before-version-${WORKSPACE_VERSION}`)
  try {
    database.prepare('VACUUM INTO ?').run(target.part)
    return finish(workspace, target)
  } catch (error) {
    discard(target)
    throw coerceStorageError(error, target.path)
  }
}

/** Bytes of all pages of a workspace, or of those that are free. */
function pagesOf(database: Database, counted: 'page_count' | 'freelist_count'): number {
  const [pages = 0, size = 0] = [counted, 'page_size'].map((name) =>
    Number(database.pragma(name, { simple: true })),
  )
  return pages * size
}

interface Target {
  path: string
  /** The name under which it grows. */
  part: string
}

function newTarget(workspace: string, reason = ''): Target {
  const folder = backupFolder(workspace)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw coerceStorageError(error, folder)
  }
  discardLeftOver(folder)
  const path = join(folder, `${new Date().toISOString().replaceAll(':', '-')}${reason}.heatproof`)
  const target = { path, part: `${path}.part` }
  growing.add(target.part)
  return target
}

/** Halves that this process is writing. Nobody else writes backups of a workspace that this process holds. */
const growing = new Set<string>()

/** What a process that was killed has left. */
function discardLeftOver(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, part] = /^(.+\.heatproof\.part)(-journal|-wal|-shm)?$/.exec(name) ?? []
    if (part !== undefined && !growing.has(join(folder, part))) rmSync(join(folder, name), { force: true })
  }
}

function finish(workspace: string, { path, part }: Target): Backup {
  checkHeader(part)
  renameSync(part, path)
  growing.delete(part)
  const [newest, ...others] = listBackups(workspace)
  for (const { path: old } of others.slice(KEPT_BACKUPS - 1)) rmSync(old)
  if (newest?.path !== path) throw new RangeError(`${path} is not the newest backup`)
  return newest
}

function discard({ part }: Target): void {
  growing.delete(part)
  for (const companion of ['', '-journal', '-wal', '-shm']) rmSync(part + companion, { force: true })
}

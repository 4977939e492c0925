import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { backUp, backupFolder, KEPT_BACKUPS, listBackups } from '../../../src/engine/workspace/backups.ts'
import { APPLICATION_ID } from '../../../src/engine/workspace/header.ts'
import {
  migrate,
  MIGRATIONS,
  WORKSPACE_VERSION,
} from '../../../src/engine/workspace/migrations/migrations.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { restoreBackup } from '../../../src/engine/workspace/restore.ts'
import { getSetting, setSetting } from '../../../src/engine/workspace/settings.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

/** A workspace in which `reviewer` is Ada. */
function makeWorkspace(name: string): string {
  const path = join(folder, `${name}.heatproof`)
  const workspace = openWorkspace(path, { create: true })
  setSetting(workspace.database, 'reviewer', 'Ada')
  workspace.close()
  return path
}

function makeOldWorkspace(name: string): string {
  const path = join(folder, `${name}.heatproof`)
  const database = new Sqlite(path)
  database.pragma(`application_id = ${APPLICATION_ID}`)
  migrate(database, MIGRATIONS.slice(0, -1))
  setSetting(database, 'reviewer', 'Ada')
  database.close()
  return path
}

function reviewerOf(path: string): string | undefined {
  const workspace = openWorkspace(path)
  try {
    return getSetting(workspace.database, 'reviewer', z.string())
  } finally {
    workspace.close()
  }
}

function rename(path: string, reviewer: string): void {
  const workspace = openWorkspace(path)
  setSetting(workspace.database, 'reviewer', reviewer)
  workspace.close()
}

async function backUpClosed(path: string) {
  const workspace = openWorkspace(path)
  try {
    return await backUp(workspace.database, path)
  } finally {
    workspace.close()
  }
}

test('a workspace of an older version is backed up as it was before its tables change', () => {
  const path = makeOldWorkspace('old')
  openWorkspace(path).close()
  const [backup, ...others] = listBackups(path)
  expect(others).toEqual([])
  expect(backup).toMatchObject({ version: WORKSPACE_VERSION - 1, beforeMigration: true })
  const copy = new Sqlite(backup?.path ?? '', { readonly: true })
  expect(getSetting(copy, 'reviewer', z.string())).toBe('Ada')
  expect(copy.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
  copy.close()
  openWorkspace(path).close()
  expect(listBackups(path)).toHaveLength(1)
})

test('tables stay as they are where no backup can be made', () => {
  const path = makeOldWorkspace('no-room')
  writeFileSync(backupFolder(path), 'a file where the folder should be')
  expect(() => openWorkspace(path)).toThrow()
  expect(readFileSync(path).readUInt32BE(60)).toBe(WORKSPACE_VERSION - 1)
})

test('a backup is made while others write, and holds what was there when it ended', async () => {
  const path = makeWorkspace('busy')
  const workspace = openWorkspace(path)
  const shares: number[] = []
  const made = backUp(workspace.database, path, (share) => shares.push(share))
  setSetting(workspace.database, 'reviewer', 'Grace')
  const backup = await made
  workspace.close()
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
  expect(reviewerOf(backup.path)).toBe('Grace')
  expect(readdirSync(backupFolder(path)).filter((name) => name.includes('.part'))).toEqual([])
})

test('the newest backups are kept', async () => {
  const path = makeWorkspace('many')
  const made = []
  for (let turn = 0; turn < KEPT_BACKUPS + 2; turn += 1) made.push(await backUpClosed(path))
  expect(listBackups(path)).toEqual(made.toReversed().slice(0, KEPT_BACKUPS))
})

test('what is no backup is left alone in their folder', async () => {
  const path = makeWorkspace('guests')
  await backUpClosed(path)
  const guest = join(backupFolder(path), 'notes.txt')
  writeFileSync(guest, 'mine')
  await backUpClosed(path)
  expect(listBackups(path)).toHaveLength(2)
  expect(readFileSync(guest, 'utf8')).toBe('mine')
})

test('restoring brings back what was there, and keeps what was there since', async () => {
  const path = makeWorkspace('restored')
  const backup = await backUpClosed(path)
  rename(path, 'Grace')
  const kept = restoreBackup(backup.path, path)
  expect(reviewerOf(path)).toBe('Ada')
  expect(reviewerOf(kept ?? '')).toBe('Grace')
  expect(readdirSync(backupFolder(path)).map((name) => join(backupFolder(path), name))).toEqual([backup.path])
})

test('a damaged or missing workspace is replaced', async () => {
  const path = makeWorkspace('damaged')
  const backup = await backUpClosed(path)
  writeFileSync(path, 'not a database any more '.repeat(1000))
  const kept = restoreBackup(backup.path, path)
  expect(reviewerOf(path)).toBe('Ada')
  expect(readFileSync(kept ?? '', 'utf8')).toContain('not a database any more')
  const elsewhere = join(folder, 'elsewhere.heatproof')
  expect(restoreBackup(backup.path, elsewhere)).toBeNull()
  expect(reviewerOf(elsewhere)).toBe('Ada')
})

test('a workspace that is open is not replaced', async () => {
  const path = makeWorkspace('open')
  const backup = await backUpClosed(path)
  const workspace = openWorkspace(path)
  expect(() => restoreBackup(backup.path, path)).toThrow(/open in another process/)
  setSetting(workspace.database, 'reviewer', 'Grace')
  workspace.close()
  expect(reviewerOf(path)).toBe('Grace')
})

test('a damaged backup is refused, and the workspace stays', async () => {
  const path = makeWorkspace('kept')
  const backup = await backUpClosed(path)
  const bytes = readFileSync(backup.path)
  bytes.fill(0xff, 4096, 3 * 4096)
  writeFileSync(backup.path, bytes)
  expect(() => restoreBackup(backup.path, path)).toThrow(/damage/)
  expect(reviewerOf(path)).toBe('Ada')
  expect(existsSync(`${path}.restoring`)).toBe(false)
})

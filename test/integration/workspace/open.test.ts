import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { APPLICATION_ID } from '../../../src/engine/workspace/header.ts'
import { WORKSPACE_VERSION } from '../../../src/engine/workspace/migrations/migrations.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { getSetting, setSetting } from '../../../src/engine/workspace/settings.ts'
import { transact } from '../../../src/engine/workspace/statements.ts'
import { z } from 'zod'
import { startChild } from '../support/run-child.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const place = (name: string) => join(folder, name)
const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

function errorOf(action: () => unknown): HeatproofError {
  try {
    action()
  } catch (error) {
    if (error instanceof HeatproofError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** Names beside the file that begin with its name: journals. */
function companions(path: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith(basename(path)) && name !== basename(path))
}

describe('opening a workspace', () => {
  test('makes a missing file, finds it again, and leaves one file when closed', () => {
    const path = place('fresh.heatproof')
    const first = openWorkspace(path, { create: true })
    setSetting(first.database, 'reviewer', 'Ada')
    expect(first.name).toBe('fresh')
    first.close()
    first.close()
    expect(companions(path)).toEqual([])
    const second = openWorkspace(path)
    expect(getSetting(second.database, 'reviewer', z.string())).toBe('Ada')
    expect(second.database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(second.database.pragma('synchronous', { simple: true })).toBe(2)
    expect(second.database.pragma('foreign_keys', { simple: true })).toBe(1)
    second.close()
    const header = readFileSync(path).subarray(0, 100)
    expect(header.readUInt32BE(68)).toBe(APPLICATION_ID)
    expect(header.readUInt32BE(60)).toBe(WORKSPACE_VERSION)
  })

  test('does not make a missing file without being asked', () => {
    const path = place('missing.heatproof')
    expect(errorOf(() => openWorkspace(path)).code).toBe('not_found')
    expect(existsSync(path)).toBe(false)
  })

  const foreign: [string, (path: string) => void][] = [
    ['an empty file', (path) => writeFileSync(path, '')],
    ['a text file', (path) => writeFileSync(path, 'dear diary\n'.repeat(100))],
    ['a short file', (path) => writeFileSync(path, 'SQLite format 3\0')],
    [
      'another database',
      (path) => {
        const database = new Sqlite(path)
        database.exec('CREATE TABLE notes (id INTEGER); INSERT INTO notes VALUES (1)')
        database.close()
      },
    ],
    [
      'another database in WAL mode',
      (path) => {
        const database = new Sqlite(path)
        database.pragma('journal_mode = WAL')
        database.exec('CREATE TABLE notes (id INTEGER)')
        database.close()
      },
    ],
  ]
  test.each(foreign)('refuses %s and does not touch it', (name, make) => {
    const path = place(`${name.replaceAll(' ', '-')}.heatproof`)
    make(path)
    const before = hashOf(path)
    for (const create of [false, true]) {
      const error = errorOf(() => openWorkspace(path, { create }))
      expect(error.code).toBe('not_a_workspace')
      expect(error.exitCode).toBe(2)
    }
    expect(hashOf(path)).toBe(before)
    expect(companions(path)).toEqual([])
  })

  test.skipIf(process.platform === 'win32')('refuses a pipe and a device, and does not wait for them', () => {
    expect(spawnSync('mkfifo', [place('pipe.heatproof')]).status).toBe(0)
    symlinkSync('/dev/zero', place('device.heatproof'))
    for (const name of ['pipe.heatproof', 'device.heatproof']) {
      expect(errorOf(() => openWorkspace(place(name))).code).toBe('not_a_workspace')
    }
  })

  test('refuses a folder', () => {
    mkdirSync(place('folder.heatproof'))
    expect(errorOf(() => openWorkspace(place('folder.heatproof'))).code).toBe('not_a_workspace')
  })

  test('refuses a workspace of a newer version and does not touch it', () => {
    const path = place('newer.heatproof')
    openWorkspace(path, { create: true }).close()
    const database = new Sqlite(path)
    database.pragma(`user_version = ${WORKSPACE_VERSION + 1}`)
    database.close()
    const before = hashOf(path)
    const error = errorOf(() => openWorkspace(path))
    expect(error.code).toBe('newer_workspace')
    expect(error.message).toContain(`version ${WORKSPACE_VERSION + 1}`)
    expect(hashOf(path)).toBe(before)
    expect(companions(path)).toEqual([])
  })

  test('refuses a file whose pages are damaged', () => {
    const path = place('damaged.heatproof')
    openWorkspace(path, { create: true }).close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, 100, 4096)
    writeFileSync(path, bytes)
    expect(errorOf(() => openWorkspace(path)).code).toBe('not_a_workspace')
  })

  test('goes on with a file whose making was interrupted', () => {
    const path = place('interrupted.heatproof')
    const database = new Sqlite(path)
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.close()
    const workspace = openWorkspace(path)
    expect(workspace.database.pragma('user_version', { simple: true })).toBe(WORKSPACE_VERSION)
    workspace.close()
  })
})

describe('a workspace that is open', () => {
  test('is refused to the same process, which keeps its lock', async () => {
    const path = place('twice.heatproof')
    const workspace = openWorkspace(path, { create: true })
    expect(errorOf(() => openWorkspace(path)).code).toBe('workspace_in_use')
    expect(await openingElsewhere(path)).toBe('workspace_in_use')
    setSetting(workspace.database, 'reviewer', 'still here')
    workspace.close()
    expect(await openingElsewhere(path)).toBe('opened')
  })

  test('is refused while another process has it, and free once that is killed', async () => {
    const path = place('elsewhere.heatproof')
    const child = startChild(`
      import { openWorkspace } from './src/engine/workspace/open.ts'
      openWorkspace(${JSON.stringify(path)}, { create: true })
      console.log('open')
      setInterval(() => undefined, 1000)
    `)
    expect(await child.nextLine()).toBe('open')
    const error = errorOf(() => openWorkspace(path))
    expect(error.code).toBe('workspace_in_use')
    expect(error.exitCode).toBe(1)
    await child.kill()
    openWorkspace(path).close()
  })
})

const NOBODY = 65534

describe('a place that cannot be written', () => {
  const isOwnerOfEverything = process.getuid?.() === 0
  const user = isOwnerOfEverything ? { uid: NOBODY } : {}

  test('a folder that does not exist', () => {
    const error = errorOf(() => openWorkspace(join(folder, 'nowhere', 'x.heatproof'), { create: true }))
    expect(error.code).toBe('cannot_write')
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  })

  test('a read-only file', async () => {
    const shelf = place('shelf')
    mkdirSync(shelf, { mode: 0o777 })
    chmodSync(folder, 0o755)
    chmodSync(shelf, 0o777)
    const path = join(shelf, 'read-only.heatproof')
    openWorkspace(path, { create: true }).close()
    chmodSync(path, 0o444)
    const before = hashOf(path)
    expect(await openingElsewhere(path, user)).toBe('cannot_write')
    expect(hashOf(path)).toBe(before)
    expect(readdirSync(shelf)).toEqual(['read-only.heatproof'])
  })

  test('a read-only folder', async () => {
    const shelf = place('closed-shelf')
    mkdirSync(shelf)
    copyFileSync(place('fresh.heatproof'), join(shelf, 'old.heatproof'))
    chmodSync(join(shelf, 'old.heatproof'), 0o666)
    chmodSync(shelf, 0o555)
    expect(await openingElsewhere(join(shelf, 'new.heatproof'), user)).toBe('cannot_write')
    expect(await openingElsewhere(join(shelf, 'old.heatproof'), user)).toBe('cannot_write')
    expect(readdirSync(shelf)).toEqual(['old.heatproof'])
    chmodSync(shelf, 0o755)
  })

  test('a full disk: one clear message, and the transaction leaves nothing', () => {
    const workspace = openWorkspace(place('full.heatproof'), { create: true })
    const { database } = workspace
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages + 2}`)
    const error = errorOf(() =>
      transact(database, () => {
        for (let index = 0; index < 100; index += 1) setSetting(database, `key ${index}`, 'x'.repeat(1000))
      }),
    )
    expect(error.code).toBe('cannot_write')
    expect(error.message).toContain('full disk')
    expect(getSetting(database, 'key 0', z.string())).toBeUndefined()
    workspace.close()
  })
})

/** Opens the workspace in another process: `opened`, or the code of the error. */
async function openingElsewhere(path: string, user: { uid?: number } = {}): Promise<string> {
  const child = startChild(
    `
    import { openWorkspace } from './src/engine/workspace/open.ts'
    try {
      openWorkspace(${JSON.stringify(path)}, { create: true }).close()
      console.log('opened')
    } catch (error) {
      console.log(error.code)
    }
  `,
    user,
  )
  const line = await child.nextLine()
  await child.kill()
  return line
}

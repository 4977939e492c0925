import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { listBackups } from '../../../src/engine/workspace/backups.ts'
import { WORKSPACE_VERSION } from '../../../src/engine/workspace/migrations/migrations.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { OWNER } from '../../../src/shared/contract/reviewers.ts'
import { fixtureOf, placeVersion } from '../../support/versions/fixtures.ts'
import { columnsOf, tablesOf } from '../../support/versions/tables.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const VERSIONS = Array.from({ length: WORKSPACE_VERSION }, (_, index) => index + 1)
/** Version 2 drops the scores that depend on the calibration; nothing else of what was stored ever goes. */
const KEPT = { scores: "WHERE metric NOT LIKE 'capped%'" }

type Rows = Record<string, { columns: string[]; rows: unknown[] }>

/** All rows of all tables, of the named columns where there are some. */
function rowsOf(database: Database, like?: Rows): Rows {
  const tables = tablesOf(database).filter((table) => like === undefined || table in like)
  return Object.fromEntries(
    tables.map((table) => {
      const there = columnsOf(database, table)
      const columns = there.filter((name) => like?.[table]?.columns.includes(name) ?? true)
      const list = columns.map((column) => `"${column}"`).join()
      const kept = table === 'scores' ? KEPT.scores : ''
      const rows = database.prepare(`SELECT ${list} FROM "${table}" ${kept} ORDER BY ${list}`).raw().all()
      return [table, { columns, rows }]
    }),
  )
}

function readOnly<Result>(path: string, read: (database: Database) => Result): Result {
  const database = new Sqlite(path, { readonly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

/** The same rows, of the columns that are still there. */
function stillThere(before: Rows, database: Database): Rows {
  const columnsNow = Object.fromEntries(
    Object.keys(before).map((table) => [table, columnsOf(database, table)]),
  )
  return Object.fromEntries(
    Object.entries(before).map(([table, { columns, rows }]) => {
      const left = columns.flatMap((name, index) => (columnsNow[table]?.includes(name) ? [index] : []))
      const cut = rows.map((row) => left.map((index) => (row as unknown[])[index]))
      return [table, { columns: left.map((index) => columns[index] ?? ''), rows: cut }]
    }),
  )
}

const sorted = (rows: Rows) =>
  Object.fromEntries(
    Object.entries(rows).map(([table, { columns, rows: all }]) => [
      table,
      { columns, rows: all.map((row) => JSON.stringify(row)).toSorted() },
    ]),
  )

describe.each(VERSIONS)('a workspace of version %i', (version) => {
  test('opens with every row that it had, whole, after a backup of it as it was', async () => {
    const path = join(folder, `${version}.heatproof`)
    await placeVersion(version, path)
    const before = readOnly(path, rowsOf)
    if (existsSync(fixtureOf(version))) {
      const empty = Object.keys(before).filter((table) => before[table]?.rows.length === 0)
      expect(empty).toEqual([])
    }
    const workspace = openWorkspace(path)
    const { database } = workspace
    try {
      const expected = stillThere(before, database)
      expect(sorted(rowsOf(database, expected))).toEqual(sorted(expected))
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(database.pragma('foreign_key_check')).toEqual([])
      expect(verifyAuditLog(database).faults).toEqual([])
      expect(database.pragma('user_version', { simple: true })).toBe(WORKSPACE_VERSION)
    } finally {
      workspace.close()
    }
    const backups = listBackups(path).map((backup) => [backup.version, backup.beforeMigration])
    expect(backups).toEqual(version === WORKSPACE_VERSION ? [] : [[version, true]])
    for (const backup of listBackups(path)) {
      expect(readOnly(backup.path, rowsOf)).toEqual(before)
    }
  })

  test('can be worked with', async () => {
    const path = join(folder, `work-${version}.heatproof`)
    await placeVersion(version, path)
    const engine = openEngine({ workspacePath: path, folders: [folder], resume: false, backend: 'wasm' })
    const { handlers } = engine
    try {
      const { counts, calibration } = await handlers['workspace.summary']({})
      expect(counts).toMatchObject({ samples: 3, models: 1, runs: 1, maps: 6, calibrations: 1, exports: 1 })
      expect(calibration.tau).toBe(0.7)
      expect(await handlers['models.list']({})).toHaveLength(1)
      expect(await handlers['runs.list']({})).toHaveLength(1)
      expect((await handlers['jobs.list']({ limit: 9 })).length).toBeGreaterThan(0)
      expect(await handlers['review.decided']({ queueId: 1, reviewer: 'Ada' }, OWNER)).toEqual({ decided: 4 })
      const { history } = await handlers['review.item']({ mapId: 2 }, OWNER)
      expect(history[0]).toMatchObject({ verdict: 'fail', note: 'All on one digit' })
    } finally {
      await engine.close()
    }
  })
})

test('every released version has its workspace', () => {
  const kept = readdirSync(join(fixtureOf(1), '..'))
  expect(kept.length).toBeGreaterThanOrEqual(13)
})

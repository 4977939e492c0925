import { rmSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { addAuditHash } from '../../../src/engine/workspace/audit-hash.ts'
import { APPLICATION_ID } from '../../../src/engine/workspace/header.ts'
import {
  migrate,
  MIGRATIONS,
  WORKSPACE_VERSION,
} from '../../../src/engine/workspace/migrations/migrations.ts'
import { fillOtherTables } from './any-row.ts'
import { makeFullWorkspace } from './full-workspace.ts'
import { columnsOf, tablesOf } from './tables.ts'

/** Columns that have had another name. */
const FORMER_NAMES: Readonly<Record<string, string>> = { random_flags: 'origins' }

/** Triggers write these from rows of other tables. */
const DERIVED = ['latest_verdicts', 'audit_log', 'verdict_notes']

/**
 * Makes a workspace whose tables are of the given version, with rows in all of them: the tables by the migrations up to it, the
 * rows from a workspace of today, as far as that version has columns for them.
 */
export async function makeVersion(path: string, version: number): Promise<void> {
  const today = `${path}.today`
  await makeFullWorkspace(today)
  const database = new Sqlite(path)
  try {
    database.pragma('page_size = 1024')
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.pragma('foreign_keys = OFF')
    migrate(database, MIGRATIONS.slice(0, version))
    addAuditHash(database)
    database.exec(`ATTACH '${today}' AS today`)
    database.transaction(() => {
      for (const table of tablesOf(database)) if (!DERIVED.includes(table)) copyRows(database, table)
      if (version === WORKSPACE_VERSION) fillOtherTables(database)
    })()
    database.exec('DETACH today')
    const broken = database.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`version ${version} has rows that refer to none`)
    database.exec('VACUUM')
  } finally {
    database.close()
    for (const companion of ['', '-wal', '-shm']) rmSync(today + companion, { force: true })
  }
}

/** Rows that the rules of the version do not let in are left out. */
function copyRows(database: Database, table: string): void {
  const there = columnsOf(database, table, 'today')
  const pairs = columnsOf(database, table).flatMap((column) => {
    const source = there.includes(column) ? column : FORMER_NAMES[column]
    return source !== undefined && there.includes(source) ? [{ column, source }] : []
  })
  if (pairs.length === 0) return
  const [to, from] = [pairs.map(({ column }) => `"${column}"`), pairs.map(({ source }) => `"${source}"`)]
  const extra = table === 'queues' && columnsOf(database, table).includes('random_probability')
  database.exec(
    `INSERT OR IGNORE INTO main."${table}" (${[...to, ...(extra ? ['random_probability'] : [])].join()})
     SELECT ${[...from, ...(extra ? ['0.5'] : [])].join()} FROM today."${table}"`,
  )
}

import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { verifyAuditedSet } from '../../src/engine/exchange/audited-set-verify.ts'
import { verifyAuditLog } from '../../src/engine/workspace/audit-log.ts'
import { listBackups } from '../../src/engine/workspace/backups.ts'
import { openWorkspace } from '../../src/engine/workspace/open.ts'

/** What a workspace must never have, as questions that answer with the rows that are wrong. */
const HALF: Readonly<Record<string, string>> = {
  'maps without values': 'SELECT id FROM maps WHERE id NOT IN (SELECT map_id FROM map_values)',
  'maps without scores': 'SELECT id FROM maps WHERE id NOT IN (SELECT map_id FROM scores)',
  'maps without a prediction': `SELECT id FROM maps WHERE NOT EXISTS (SELECT 1 FROM predictions
     WHERE predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id)`,
  'values of another size': `SELECT map_id FROM map_values JOIN maps ON maps.id = map_id
     JOIN samples ON samples.id = sample_id WHERE length("values") <> 4 * rows * columns`,
  'decisions without a verdict':
    'SELECT id FROM decisions WHERE id NOT IN (SELECT decision_id FROM verdicts)',
  'latest verdicts that are not the latest': `SELECT map_id FROM latest_verdicts AS latest WHERE verdict_id <> (
     SELECT max(id) FROM verdicts WHERE verdicts.map_id = latest.map_id AND verdicts.reviewer = latest.reviewer)`,
  'requests that were stored twice': `SELECT request_id FROM decisions WHERE request_id IS NOT NULL
     GROUP BY reviewer, request_id HAVING count(*) > 1`,
}

/** Opens a workspace as a user does after a crash, and names everything that is wrong with it. */
export function faultsOf(path: string): string[] {
  return withWorkspace(path, (database) => [
    ...wholeness(database),
    ...Object.entries(HALF).flatMap(([name, question]) => {
      const found = database.prepare(question).all().length
      return found === 0 ? [] : [`${found} ${name}`]
    }),
    ...verifyAuditLog(database).faults.map(({ table, rowId, fault }) => `${table} ${rowId} ${fault}`),
  ])
}

function wholeness(database: Database): string[] {
  const integrity = database.pragma('integrity_check', { simple: true })
  const references = (database.pragma('foreign_key_check') as unknown[]).length
  return [
    ...(integrity === 'ok' ? [] : [`a damaged file: ${String(integrity)}`]),
    ...(references === 0 ? [] : [`${references} rows that refer to none`]),
  ]
}

export function withWorkspace<Result>(path: string, work: (database: Database) => Result): Result {
  const workspace = openWorkspace(path)
  try {
    return work(workspace.database)
  } finally {
    workspace.close()
  }
}

/** A text for each map that changes with any byte of it. */
export function mapDigests(database: Database): string[] {
  const rows = database
    .prepare<[], { id: number; at: string; content: Buffer }>(
      `SELECT id, created_at AS "at", "values" AS content FROM maps JOIN map_values ON map_id = id ORDER BY id`,
    )
    .all()
  return rows.map(({ id, at, content }) => {
    return `${id} ${at} ${createHash('sha256').update(content).digest('base64')}`
  })
}

/** Backups that have their name and are not whole. */
export function backupFaults(workspace: string): string[] {
  return listBackups(workspace).flatMap(({ path }) => {
    const database = new Sqlite(path, { readonly: true })
    try {
      return wholeness(database).map((fault) => `${basename(path)}: ${fault}`)
    } finally {
      database.close()
    }
  })
}

/** Exports that have their name and are not whole, and recorded ones that are not there. */
export async function exportFaults(workspace: string): Promise<string[]> {
  const folder = dirname(workspace)
  const faults: string[] = []
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('set-'))) {
    const { differences } = await verifyAuditedSet(join(folder, name))
    if (differences.length > 0) faults.push(`${name} has ${differences.length} differences`)
  }
  const recorded = withWorkspace(workspace, (database) =>
    database.prepare<[], string>('SELECT path FROM exports').pluck().all(),
  )
  return [
    ...faults,
    ...recorded.filter((path) => !existsSync(path)).map((path) => `${path} is recorded and not there`),
  ]
}

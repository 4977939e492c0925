import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { auditHash, type AuditedValue } from './audit-hash.ts'
import { AUDITED_COLUMNS as FIRST_AUDITED } from './migrations/0012-audit-log.ts'
import { IMPORT_COLUMNS } from './migrations/0014-imports.ts'
import { GROUP_COLUMNS } from './migrations/0015-map-analyses.ts'
import { selectAll, selectNumber } from './statements.ts'

/** The tables of the log, with the columns that an entry vouches for. */
const AUDITED_COLUMNS = { ...FIRST_AUDITED, imports: IMPORT_COLUMNS }
/** Columns that a table got later: an entry vouches for those that are set. */
const LATER_COLUMNS: Partial<Record<AuditedTable, readonly string[]>> = { verdict_groups: GROUP_COLUMNS }
const TABLES = Object.keys(AUDITED_COLUMNS) as AuditedTable[]
export type AuditedTable = keyof typeof AUDITED_COLUMNS

/** One thing that was decided. */
export interface AuditEntry {
  /** Its place in the log, from 1. */
  id: number
  table: AuditedTable
  rowId: number
  sha256: string
}

const AuditEntryRow = z.object({
  id: z.int(),
  table: z.enum(TABLES),
  rowId: z.int(),
  sha256: z.string(),
})

const SELECT_ENTRIES = 'SELECT id, table_name AS "table", row_id AS rowId, sha256 FROM audit_log'

/** The newest entries, newest first. */
export function listAuditEntries(database: Database, limit: number): AuditEntry[] {
  return selectAll(database, AuditEntryRow, `${SELECT_ENTRIES} ORDER BY id DESC LIMIT @limit`, { limit })
}

/** A place at which the log and the rows do not agree. */
export interface AuditFault {
  table: AuditedTable
  rowId: number
  /** `changed`: the row or an entry before it; `missing`: the row is gone; `unlogged`: a row that no entry vouches for. */
  fault: 'changed' | 'missing' | 'unlogged'
}

export interface AuditResult {
  entries: number
  /** The hash of the last entry, which stands for the whole log; null of an empty one. */
  head: string | null
  /** Entries whose rows are not as they were, oldest first, then rows without an entry. */
  faults: AuditFault[]
}

/**
 * Computes the hash of every entry again, from its row and the stored hash of the entry before, so that a row that was changed
 * is told apart from those after it.
 *
 * @param expectedHead a head that was noted earlier: the log must still hold it, or its end was cut off or written anew
 * @throws HeatproofError `verification_failed` when it does not
 */
export function verifyAuditLog(database: Database, expectedHead?: string): AuditResult {
  const rowsOf = new Map(TABLES.map((table) => [table, rowReader(database, table)]))
  const faults: AuditFault[] = []
  let [entries, head, holdsHead]: [number, string | null, boolean] = [0, null, expectedHead === undefined]
  for (const stored of database.prepare(`${SELECT_ENTRIES} ORDER BY id`).iterate()) {
    const { table, rowId, sha256 } = AuditEntryRow.parse(stored)
    const values = rowsOf.get(table)?.(rowId)
    if (values === undefined) faults.push({ table, rowId, fault: 'missing' })
    else if (auditHash(head, table, values) !== sha256) faults.push({ table, rowId, fault: 'changed' })
    entries += 1
    head = sha256
    holdsHead ||= sha256 === expectedHead
  }
  if (!holdsHead) {
    throw new HeatproofError('verification_failed', {
      found: `no entry with the hash ${expectedHead ?? ''} among ${entries}`,
      expected: 'the log to hold every head that it ever had',
      advice: 'Its end was cut off or written anew: go back to a backup, and compare the two.',
    })
  }
  return { entries, head, faults: [...faults, ...unlogged(database)] }
}

function rowReader(
  database: Database,
  table: AuditedTable,
): (rowId: number) => readonly AuditedValue[] | undefined {
  const first = AUDITED_COLUMNS[table]
  const columns = [...first, ...(LATER_COLUMNS[table] ?? [])].map((column) => `"${column}"`).join()
  const select = database
    .prepare<[number], AuditedValue[]>(`SELECT ${columns} FROM ${table} WHERE id = ?`)
    .raw()
  return (rowId) => select.get(rowId)?.filter((value, place) => place < first.length || value !== null)
}

function unlogged(database: Database): AuditFault[] {
  return TABLES.flatMap((table) =>
    selectAll(
      database,
      z.object({ rowId: z.int() }),
      `SELECT id AS rowId FROM ${table}
       WHERE id NOT IN (SELECT row_id FROM audit_log WHERE table_name = '${table}') ORDER BY id`,
    ).map(({ rowId }): AuditFault => ({ table, rowId, fault: 'unlogged' })),
  )
}

/** How many things were decided. */
export function countAuditEntries(database: Database): number {
  return selectNumber(database, 'SELECT count(*) FROM audit_log')
}

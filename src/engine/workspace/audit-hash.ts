import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'

/** A value of a row, as SQLite hands it over. */
export type AuditedValue = string | number | null

/**
 * The hash of an entry of the audit log: SHA-256, as hex, of the JSON list of the hash before it (null for the first), the table,
 * and the row's values. Numbers are written as ECMAScript does, the shortest text that gives them back.
 */
export function auditHash(before: string | null, table: string, values: readonly AuditedValue[]): string {
  return createHash('sha256')
    .update(JSON.stringify([before, table, ...values]))
    .digest('hex')
}

/** Lets the triggers of the audit log call {@link auditHash} on this connection. */
export function addAuditHash(database: Database): void {
  database.function(
    'audit_hash',
    { varargs: true, deterministic: true },
    (before: string | null, table: string, ...values: AuditedValue[]) => auditHash(before, table, values),
  )
}

import type { Database } from 'better-sqlite3'

/** The tables that are audited, with the columns that an entry vouches for. */
export const AUDITED_COLUMNS = {
  verdicts: [
    ...['id', 'map_id', 'reviewer', 'verdict', 'modes_json', 'note', 'box_json', 'queue_id', 'probability'],
    ...['drawn_at_random', 'decision_id', 'action', 'created_at', 'position', 'blind', 'group_id'],
  ],
  verdict_groups: [
    ...['id', 'queue_id', 'group_count', 'seed', 'features_version', 'position', 'size', 'looked_at_json'],
    ...['left_out_json', 'created_at'],
  ],
  calibrations: ['id', 'version', 'fit_json', 'created_by', 'created_at'],
  activations: ['id', 'calibration_id', 'activated_by', 'undoes', 'created_at'],
  exports: [
    ...['id', 'path', 'format', 'request_json', 'maps', 'verdicts', 'bytes', 'manifest_sha256'],
    ...['created_by', 'created_at'],
  ],
} as const

/**
 * A log of everything that is decided, in the order in which it was written. An entry's hash covers its row and the entry
 * before it, so that no row can be changed, removed or put in between without breaking the chain from there on. Rows of before
 * the log enter it by time.
 */
export function auditLog(database: Database): void {
  database.exec(`
    CREATE TABLE audit_log (
      id INTEGER PRIMARY KEY,
      table_name TEXT NOT NULL,
      row_id INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      UNIQUE (table_name, row_id)
    ) STRICT;
    CREATE TRIGGER audit_log_keep_rows BEFORE DELETE ON audit_log
    BEGIN SELECT raise(ABORT, 'the audit log is never deleted'); END;
    CREATE TRIGGER audit_log_keep_content BEFORE UPDATE ON audit_log
    BEGIN SELECT raise(ABORT, 'the audit log is never changed'); END;
  `)
  enterOlderRows(database)
  for (const [table, columns] of Object.entries(AUDITED_COLUMNS)) {
    database.exec(`
      CREATE TRIGGER ${table}_audited AFTER INSERT ON ${table}
      BEGIN
        INSERT INTO audit_log (table_name, row_id, sha256) VALUES ('${table}', new.id, ${hashOf(table, columns, 'new')});
      END`)
  }
}

function enterOlderRows(database: Database): void {
  const rows = Object.keys(AUDITED_COLUMNS)
    .map(
      (table, order) => `SELECT created_at, ${order} AS "order", id, '${table}' AS table_name FROM ${table}`,
    )
    .join(' UNION ALL ')
  const older = database
    .prepare<[], { id: number; table_name: keyof typeof AUDITED_COLUMNS }>(
      `SELECT id, table_name FROM (${rows}) ORDER BY created_at, "order", id`,
    )
    .all()
  for (const { id, table_name: table } of older) {
    database
      .prepare(
        `INSERT INTO audit_log (table_name, row_id, sha256)
         SELECT '${table}', id, ${hashOf(table, AUDITED_COLUMNS[table], table)} FROM ${table} WHERE id = ?`,
      )
      .run(id)
  }
}

function hashOf(table: string, columns: readonly string[], row: string): string {
  const values = columns.map((column) => `${row}."${column}"`).join(', ')
  return `audit_hash((SELECT sha256 FROM audit_log ORDER BY id DESC LIMIT 1), '${table}', ${values})`
}

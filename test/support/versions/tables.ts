import type { Database } from 'better-sqlite3'

/** The tables that hold rows, in the order in which they were made; what SQLite keeps for searches left out. */
export function tablesOf(database: Database): string[] {
  return database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema JOIN pragma_table_list USING (name)
       WHERE pragma_table_list.schema = 'main' AND pragma_table_list.type IN ('table', 'virtual')
         AND name NOT LIKE 'sqlite_%' ORDER BY sqlite_schema.rowid`,
    )
    .pluck()
    .all()
}

/** Their names, in the order of the table. */
export function columnsOf(database: Database, table: string, schema = 'main'): string[] {
  return database
    .prepare<[string, string], string>('SELECT name FROM pragma_table_info(?, ?)')
    .pluck()
    .all(table, schema)
}

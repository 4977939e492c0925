import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { tablesOf } from './tables.ts'

const Column = z.object({ name: z.string(), type: z.string(), notnull: z.int(), dflt_value: z.unknown() })
const Reference = z.object({ table: z.string(), from: z.string(), to: z.string().nullable() })

/** Puts a row into every table that has none, made from nothing but its definition, where its rules let one in. */
export function fillOtherTables(database: Database): void {
  for (const table of tablesOf(database)) {
    const empty = database.prepare(`SELECT 1 FROM "${table}"`).get() === undefined
    if (empty) insertSomeRow(database, table)
  }
}

function insertSomeRow(database: Database, table: string): void {
  const definition = String(
    database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table),
  )
  const references = z.array(Reference).parse(database.pragma(`foreign_key_list("${table}")`))
  const columns = z
    .array(Column)
    .parse(database.pragma(`table_info("${table}")`))
    .filter(({ notnull, dflt_value: standard }) => notnull === 1 && standard === null)
  const values = columns.map(({ name, type }) => {
    const reference = references.find(({ from }) => from === name)
    return reference === undefined ? someValue(name, type, definition) : anyKey(database, reference)
  })
  const names = columns.map(({ name }) => `"${name}"`).join()
  try {
    database
      .prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join()})`)
      .run(values)
  } catch (error) {
    console.warn(`no row for ${table}: ${String(error)}`)
  }
}

function anyKey(database: Database, { table, to }: z.infer<typeof Reference>): unknown {
  return database
    .prepare(`SELECT "${to ?? 'id'}" FROM "${table}" LIMIT 1`)
    .pluck()
    .get()
}

function someValue(name: string, type: string, definition: string): unknown {
  const allowed = new RegExp(`\\b${name} IN \\('([^']+)'`).exec(definition)?.[1]
  if (allowed !== undefined) return allowed
  if (type === 'INTEGER') return 1
  if (type === 'REAL') return 0.5
  if (type === 'BLOB') return Buffer.alloc(32, 1)
  if (name.endsWith('_json')) return '{}'
  return name.endsWith('_at') ? '2026-01-02T03:04:05.000Z' : name
}

import type { Database } from 'better-sqlite3'
import { nextSampleId } from '../../workspace/sample-ids.ts'
import { selectNumber, prepared, type Parameters } from '../../workspace/statements.ts'
import { columnsOf, decoded, RECORD_TABLES, type RecordTable } from './record-tables.ts'

/** Where the rows of a set come to lie in a workspace, and what stands against it. */
export class Placement {
  readonly database: Database
  /** Whether rows keep their ids: only in a workspace that never had any. */
  readonly keepsIds: boolean
  /** What the workspace says else. */
  readonly conflicts: string[] = []
  /** Rows that are new, by table. */
  readonly inserted = new Map<RecordTable, number>()
  readonly #ids = new Map<RecordTable, Map<number, number>>()

  constructor(database: Database) {
    this.database = database
    this.keepsIds = isUntouched(database)
  }

  /** Id in the workspace of a row of the set; undefined where it was not placed. */
  find(table: RecordTable, id: number): number | undefined {
    return this.#ids.get(table)?.get(id)
  }

  /** The same for rows that were placed before. */
  get(table: RecordTable, id: number): number {
    const own = this.find(table, id)
    if (own === undefined) throw new Error(`${table} ${id} without a place`)
    return own
  }

  place(table: RecordTable, id: number, own: number): void {
    const ids = this.#ids.get(table) ?? new Map<number, number>()
    this.#ids.set(table, ids)
    ids.set(id, own)
  }

  /** Adds a row, under its id or a new one, and gives the id. */
  insert(table: RecordTable, row: Readonly<Record<string, unknown>>, others: Parameters = {}): number {
    const columns = columnsOf(table)
    const values: Parameters = { ...decoded(row, columns), ...others }
    if (!this.keepsIds && 'id' in values)
      values['id'] = table === 'samples' ? nextSampleId(this.database) : null
    const names = Object.keys(values)
    const { lastInsertRowid } = prepared(
      this.database,
      `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')})
       VALUES (${names.map((name) => `@${name}`).join(', ')})`,
    ).run(values)
    this.inserted.set(table, (this.inserted.get(table) ?? 0) + 1)
    const id = Number(lastInsertRowid)
    if (typeof row['id'] === 'number') this.place(table, row['id'], id)
    return id
  }
}

function isUntouched(database: Database): boolean {
  const rows = RECORD_TABLES.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(' OR ')
  return (
    selectNumber(database, `SELECT ${rows}`) === 0 &&
    selectNumber(database, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'maps'") === 0
  )
}

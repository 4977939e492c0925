import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { RecordTable, SetRecord } from './record-tables.ts'

/** A record with the bytes of its array, which only samples, maps and models have. */
export type StagedRecord = SetRecord & { array: Uint8Array | null }

interface StagedRow {
  position: number
  table_name: RecordTable
  row: string
  array: Uint8Array | null
}

/** Rows that are in memory at a time. */
const PAGE = 200

/**
 * Records that were checked, in a file of their own: so they can be stored in one transaction, which cannot wait for files, and
 * are not in memory meanwhile.
 */
export class StagedRecords {
  readonly #folder: string
  readonly #file: Sqlite.Database
  readonly #insert: Sqlite.Statement
  readonly #page: Sqlite.Statement<[number, number], StagedRow>
  readonly #array: Sqlite.Statement<[number], Uint8Array>

  private constructor(folder: string) {
    this.#folder = folder
    this.#file = new Sqlite(join(folder, 'records'))
    this.#file.pragma('journal_mode = OFF')
    this.#file.pragma('synchronous = OFF')
    this.#file.exec(
      'CREATE TABLE records (position INTEGER PRIMARY KEY, table_name TEXT, "row" TEXT, "array" BLOB) STRICT',
    )
    this.#insert = this.#file.prepare('INSERT INTO records (table_name, "row", "array") VALUES (?, ?, ?)')
    this.#array = this.#file
      .prepare<[number], Uint8Array>('SELECT "array" FROM records WHERE position = ?')
      .pluck()
    this.#page = this.#file.prepare('SELECT * FROM records WHERE position > ? ORDER BY position LIMIT ?')
  }

  static async create(): Promise<StagedRecords> {
    return new StagedRecords(await mkdtemp(join(tmpdir(), 'heatproof-import-')))
  }

  add({ table, row, array }: StagedRecord): void {
    this.#insert.run(table, JSON.stringify(row), array)
  }

  *all(): Generator<StagedRecord> {
    for (let after = 0; ;) {
      const page = this.#page.all(after, PAGE)
      for (const { table_name: table, row, array } of page) {
        yield { table, row: JSON.parse(row) as unknown, array } as StagedRecord
      }
      const last = page.at(-1)
      if (last === undefined) return
      after = last.position
    }
  }

  /** Without the arrays, each with its position. */
  *rows(): Generator<SetRecord & { position: number }> {
    const rows = this.#file
      .prepare<[], Omit<StagedRow, 'array'>>(
        'SELECT position, table_name, "row" FROM records ORDER BY position',
      )
      .iterate()
    for (const { position, table_name: table, row } of rows) {
      yield { table, row: JSON.parse(row) as unknown, position } as SetRecord & { position: number }
    }
  }

  /** The array of the record at a position. */
  arrayAt(position: number): Uint8Array {
    const found = this.#array.get(position)
    if (found === undefined) throw new Error(`no array at ${position}`)
    return found
  }

  async close(): Promise<void> {
    this.#file.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

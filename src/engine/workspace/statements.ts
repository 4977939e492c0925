import type { Database, RunResult, Statement } from 'better-sqlite3'
import type { z } from 'zod'
import { coerceStorageError } from './storage-errors.ts'

/** Values for the `@name` parameters of a statement. */
export type Parameters = Record<string, string | number | null | Uint8Array>

const cache = new WeakMap<Database, Map<string, Statement>>()

/** The statement for this text, prepared once a connection. */
export function prepared(database: Database, sql: string): Statement {
  const statements = cache.get(database) ?? new Map<string, Statement>()
  cache.set(database, statements)
  const statement = statements.get(sql) ?? database.prepare(sql)
  statements.set(sql, statement)
  return statement
}

/** What SQLite or a schema says of a damaged file becomes the error that users see. */
function reading<Result>(database: Database, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw coerceStorageError(error, database.name)
  }
}

/** All rows, each checked against the schema. */
export function selectAll<Row>(
  database: Database,
  schema: z.ZodType<Row>,
  sql: string,
  parameters: Parameters = {},
): Row[] {
  return reading(database, () =>
    prepared(database, sql)
      .all(parameters)
      .map((row) => schema.parse(row)),
  )
}

/** The first row, checked against the schema. */
export function selectOne<Row>(
  database: Database,
  schema: z.ZodType<Row>,
  sql: string,
  parameters: Parameters = {},
): Row | undefined {
  return reading(database, () => {
    const row = prepared(database, sql).get(parameters)
    return row === undefined ? undefined : schema.parse(row)
  })
}

/** A whole number from a statement that always gives one. */
export function selectNumber(database: Database, sql: string, parameters: Parameters = {}): number {
  const row = reading(database, () => prepared(database, sql).get(parameters))
  return Number(Object.values(row ?? {})[0] ?? 0)
}

/** Runs a statement that writes. @throws HeatproofError `cannot_write` */
export function execute(database: Database, sql: string, parameters: Parameters = {}): RunResult {
  try {
    return prepared(database, sql).run(parameters)
  } catch (error) {
    throw coerceStorageError(error, database.name)
  }
}

/** Runs an INSERT and gives the new row's id. @throws HeatproofError `cannot_write` */
export function insert(database: Database, sql: string, parameters: Parameters): number {
  return Number(execute(database, sql, parameters).lastInsertRowid)
}

/**
 * Runs `work` in one transaction: all of its writes are on disk when it returns, or none is.
 * Inside another transaction it is a part of that one. @throws HeatproofError `cannot_write`
 */
export function transact<Result>(database: Database, work: () => Result): Result {
  try {
    return database.transaction(work).immediate()
  } catch (error) {
    throw coerceStorageError(error, database.name)
  }
}

/** The instant that new rows carry. */
export function now(): string {
  return new Date().toISOString()
}

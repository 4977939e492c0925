import Sqlite, { type Database } from 'better-sqlite3'

/** A row's values in the order of the columns; null for a place that cannot be read. */
export type ReadableRow = unknown[] | null

/**
 * The rows of a table that can be read, though parts of the file are damaged.
 *
 * A table with row numbers is read up to a damaged place and on from the first row behind it that can be read. Other tables are
 * read from both ends.
 */
export function readableRows(
  database: Database,
  table: string,
  columns: readonly string[],
): Generator<ReadableRow> {
  return hasRowNumbers(database, table)
    ? rowsByNumber(database, table, columns)
    : rowsFromBothEnds(database, table, columns)
}

/** How far behind a damaged place rows are looked for. */
const FARTHEST = 2n ** 40n

function* rowsByNumber(
  database: Database,
  table: string,
  columns: readonly string[],
): Generator<ReadableRow> {
  const from = database
    .prepare<[bigint], [bigint, ...unknown[]]>(
      `SELECT rowid, ${quoted(columns)} FROM "${table}" WHERE rowid >= ? ORDER BY rowid`,
    )
    .raw()
    .safeIntegers()
  let next: bigint | null = 0n
  while (next !== null) {
    let reached: bigint = next
    const rows = untilDamage(from.iterate(reached))
    let step = rows.next()
    for (; step.done !== true; step = rows.next()) {
      const [number, ...values] = step.value
      reached = number + 1n
      yield values
    }
    if (step.value === 'whole') return
    yield null
    next = behindDamage(reached, (number) => isReadable(from.iterate(number)))
  }
}

/** The least number above `damaged` from which a table can be read on: by steps that double, and then by halving the last one. */
function behindDamage(damaged: bigint, isReadableFrom: (number: bigint) => boolean): bigint | null {
  let step = 1n
  while (!isReadableFrom(damaged + step)) {
    step *= 2n
    if (step > FARTHEST) return null
  }
  let [low, high] = [damaged + step / 2n, damaged + step]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (isReadableFrom(middle)) high = middle
    else low = middle
  }
  return high
}

/** Whether the first row, if there is one, can be read. */
function isReadable(rows: IterableIterator<unknown>): boolean {
  const first = untilDamage(rows)
  const { value } = first.next()
  first.return('whole')
  return value !== 'damaged'
}

function* rowsFromBothEnds(
  database: Database,
  table: string,
  columns: readonly string[],
): Generator<ReadableRow> {
  const key = database
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table)
  const select = (order: 'ASC' | 'DESC') =>
    database
      .prepare<[], unknown[]>(
        `SELECT ${quoted(columns)} FROM "${table}" ORDER BY ${key.map((name) => `"${name}" ${order}`).join()}`,
      )
      .raw()
      .safeIntegers()
  const state = yield* untilDamage(select('ASC').iterate())
  if (state === 'whole') return
  yield null
  yield* untilDamage(select('DESC').iterate())
}

/** Gives rows until one cannot be read, and says at the end whether there was one. */
function* untilDamage<Row>(rows: IterableIterator<Row>): Generator<Row, 'whole' | 'damaged'> {
  try {
    yield* rows
    return 'whole'
  } catch (error) {
    if (!isDamage(error)) throw error
    return 'damaged'
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(error.code)
}

function hasRowNumbers(database: Database, table: string): boolean {
  return (
    database.prepare("SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'").pluck().get(table) === 0
  )
}

function quoted(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join()
}

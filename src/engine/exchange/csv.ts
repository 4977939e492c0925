import { stringify } from 'csv-stringify/sync'
import { HeatproofError } from '../../shared/errors.ts'

/** null and undefined give an empty cell. */
export type CsvCell = string | number | bigint | boolean | null | undefined

/** What makes spreadsheet programs run a cell as a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * Writes a table as CSV (RFC 4180 quoting, lines end with a line feed). Numbers keep full precision; booleans are
 * `true` and `false`. A text that a spreadsheet would take for a formula gets a `'` in front; numbers never do.
 *
 * @throws HeatproofError `bad_argument` where a row has more or fewer cells than there are columns
 */
export function writeCsv(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const cells: string[][] = [columns.map(textCell)]
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new HeatproofError('bad_argument', {
        found: `a row of ${row.length} cells`,
        expected: `one for each of the ${columns.length} columns`,
        advice: 'Give every row all columns; an empty cell is null.',
      })
    }
    cells.push(row.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))))
  }
  return stringify(cells, { record_delimiter: '\n', quoted_match: /\r/ })
}

function textCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

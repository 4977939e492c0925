import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCsv } from '../../../src/engine/exchange/csv.ts'
import { errorOf } from '../../support/errors.ts'

/** A small reader of RFC 4180, so that the writer is held to the standard. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === '\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

describe('writeCsv', () => {
  it('writes numbers in full, empty cells for nothing, words for booleans', () => {
    const rows = [
      [1, 0.1 + 0.2, -2.5, null, true],
      ['a', 2n ** 60n, -1e-7, undefined, false],
    ]
    expect(writeCsv(['a', 'b', 'c', 'd', 'e'], rows)).toBe(
      'a,b,c,d,e\n1,0.30000000000000004,-2.5,,true\na,1152921504606846976,-1e-7,,false\n',
    )
  })

  it('writes the header alone where there are no rows', () => {
    expect(writeCsv(['a', 'b'], [])).toBe('a,b\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://example.org";"x")'])(
    'keeps a spreadsheet from running %j',
    (text) => {
      expect(readCsv(writeCsv([text, 'b'], [[text, 'x']]))).toEqual([
        [`'${text}`, 'b'],
        [`'${text}`, 'x'],
      ])
    },
  )

  it('can be read back, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ü', ' ', ',', ';', '"', "'", '\n', '\r', '1') })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (rows) => {
        const guarded = rows.map((row) => row.map((cell) => (cell.startsWith('\r') ? `'${cell}` : cell)))
        expect(readCsv(writeCsv(['x', 'y'], rows))).toEqual([['x', 'y'], ...guarded])
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('refuses rows of another length', () => {
    expect(errorOf(() => writeCsv(['a', 'b'], [[1]])).found).toBe('a row of 1 cells')
    expect(errorOf(() => writeCsv(['a'], [[1, 2]])).code).toBe('bad_argument')
  })
})

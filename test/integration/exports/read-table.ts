import { readFileSync } from 'node:fs'

/** Rows of a CSV file (RFC 4180) by the names of their columns; written apart from what writes such files. */
export function readTable(path: string): Record<string, string>[] {
  const rows = parse(readFileSync(path, 'utf8'))
  const [columns = [], ...body] = rows
  return body.map((cells) => {
    if (cells.length !== columns.length) throw new Error(`a row of ${cells.length} cells in ${path}`)
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
  })
}

function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const quoted = /"((?:[^"]|"")*)"([,\n])/y
    const plain = /([^",\n]*)([,\n])/y
    quoted.lastIndex = at
    plain.lastIndex = at
    const match = quoted.exec(text) ?? plain.exec(text)
    if (match === null) throw new Error(`no cell at ${at}: ${text.slice(at, at + 40)}`)
    row.push((match[1] ?? '').replaceAll('""', '"'))
    at += match[0].length
    if (match[2] === '\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

import { firstIssue } from '../../../shared/schema-issue.ts'
import { badFile } from '../bad-input.ts'
import { parseRecord, RECORD_TABLES, type SetRecord } from './record-tables.ts'
import { RECORDS } from './write-records.ts'

/** No record is longer than this. */
const LONGEST_LINE = 2 ** 26

/** A record and the number of its line, from 1. */
export type RecordLine = SetRecord & { line: number }

/**
 * Reads the records of a set, one after the other.
 *
 * @throws HeatproofError `bad_file`, with the number of the line
 */
export async function* recordLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<RecordLine> {
  let line = 0
  let order = 0
  for await (const text of linesOf(pieces)) {
    line += 1
    const parsed = parseRecord(parseJson(text, line))
    if ('problem' in parsed) throw badRecord(line, ...complaintOf(parsed.problem))
    const { record } = parsed
    const own = RECORD_TABLES.indexOf(record.table)
    if (own < order) {
      throw badRecord(
        line,
        `a row of ${record.table} after rows of ${RECORD_TABLES[order] ?? ''}`,
        'tables in their order',
      )
    }
    order = own
    yield { ...record, line }
  }
}

/** What is wrong with a record, in its line. */
export function badRecord(line: number, found: string, expected: string) {
  return badFile({
    source: `line ${line} of ${RECORDS}`,
    found,
    expected,
    advice: 'Get the set again, or export it anew.',
  })
}

function complaintOf(
  problem: Exclude<ReturnType<typeof parseRecord>, { record: unknown }>['problem'],
): [string, string] {
  if (problem === 'table') return ['something without a known table', `one of ${RECORD_TABLES.join(', ')}`]
  const { where, expected } = firstIssue(problem)
  return [`something else as '${where}'`, expected]
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRecord(line, 'text that is no JSON', 'one JSON object a line')
  }
}

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let count = 0
  try {
    for await (const piece of pieces) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) throw badRecord(count + 1, 'a line without an end', 'shorter lines')
      count += lines.length
      yield* lines
    }
    rest += decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw badRecord(count + 1, 'bytes that are not UTF-8', 'text in UTF-8')
  }
  if (rest !== '') throw badRecord(count + 1, 'an early end', 'a whole line')
}

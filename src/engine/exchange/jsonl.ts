import { HeatproofError } from '../../shared/errors.ts'
import { badFile } from './bad-input.ts'

/**
 * Writes values as JSON Lines: one JSON value a line, each line ended by a line feed.
 *
 * @throws HeatproofError `bad_values` for NaN and infinity, which JSON cannot say
 */
export function writeJsonLines(values: Iterable<object>): string {
  let text = ''
  for (const value of values) text += `${JSON.stringify(value, refuseNonFinite)}\n`
  return text
}

/**
 * Reads JSON Lines; empty lines are skipped, a byte order mark too.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file` with the number of the line
 */
export function readJsonLines(text: string, source: string): unknown[] {
  return readNumberedJsonLines(text, source).map(({ value }) => value)
}

/** As {@link readJsonLines}, each value with the number of its line, from 1. */
export function readNumberedJsonLines(text: string, source: string): { value: unknown; line: number }[] {
  const values: { value: unknown; line: number }[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    try {
      values.push({ value: JSON.parse(line), line: index + 1 })
    } catch (cause) {
      throw badFile({
        source,
        found: `line ${index + 1}, not valid JSON,`,
        expected: 'one JSON value a line',
        cause,
      })
    }
  }
  return values
}

function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw new HeatproofError('bad_values', {
    found: `${value} as '${key}'`,
    expected: 'a finite number or null',
    advice: 'Write a value that is not defined as null.',
  })
}

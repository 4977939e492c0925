import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { badFile } from '../bad-input.ts'
import { readNumberedJsonLines } from '../jsonl.ts'
import type { RawVerdict } from './verdict-rows.ts'

/** What columns are also called, beside their own names. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  map: 'map_id',
  set: 'sample_set',
  sample_name: 'sample',
  created_at: 'time',
  date: 'time',
  mode: 'modes',
  comment: 'note',
}
const SEPARATORS = [',', ';', '\t'] as const
const BOX_SIDES = ['row', 'column', 'height', 'width'] as const

/** What an export puts in front of a cell that a spreadsheet would take for a formula. */
const GUARDED = /^'(?=[=+\-@\t\r])/

/** The column separator of a table of verdicts, by its first line; undefined where it is none. */
export function verdictSeparator(firstLine: string): string | undefined {
  return SEPARATORS.find((separator) => {
    const names = firstLine
      .replace(/^\ufeff/, '')
      .split(separator)
      .map((name) => columnName(name.replaceAll('"', '')))
    return names.length > 1 && names.includes('verdict')
  })
}

/** Whether the line is a verdict in JSON. */
export function isVerdictLine(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line.replace(/^\ufeff/, ''))
    return (
      typeof value === 'object' && value !== null && Object.keys(value).map(columnName).includes('verdict')
    )
  } catch {
    return false
  }
}

/** @throws HeatproofError `bad_file` with the line that is no row of the table */
export function verdictsOfCsv(text: string, source: string): RawVerdict[] {
  const [firstLine = ''] = text.split(/\r?\n/, 1)
  const delimiter = verdictSeparator(firstLine) ?? ','
  return recordsOf(text, delimiter, source).map(({ record, line }) =>
    rawVerdict(
      Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, cell.replace(GUARDED, '')])),
      line,
    ),
  )
}

/** @throws HeatproofError `bad_file` with the line that is no JSON object */
export function verdictsOfJsonLines(text: string, source: string): RawVerdict[] {
  return readNumberedJsonLines(text, source).map(({ value, line }) => {
    const parsed = z.record(z.string(), z.unknown()).safeParse(value)
    if (parsed.success) return rawVerdict(parsed.data, line)
    throw badFile({ source, found: `line ${line}, which is no object,`, expected: 'one JSON object a line' })
  })
}

function recordsOf(
  text: string,
  delimiter: string,
  source: string,
): { record: Record<string, string>; line: number }[] {
  try {
    const parsed: unknown = parse(text, {
      ...{ columns: (names: string[]) => names.map((name) => name.trim()), bom: true, info: true },
      ...{ delimiter, skip_empty_lines: true },
    })
    return z
      .array(z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int() }) }))
      .parse(parsed)
      .map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    throw badFile({
      source,
      found: `no table (${cause instanceof Error ? cause.message : String(cause)})`,
      expected: 'a row of column names, and as many cells in every other row',
      cause,
    })
  }
}

function rawVerdict(record: Readonly<Record<string, unknown>>, line: number): RawVerdict {
  const named = Object.fromEntries(Object.entries(record).map(([name, value]) => [columnName(name), value]))
  return {
    where: `line ${line}`,
    fields: { ...named, modes: listOf(named['modes']), box: boxOf(named), latest: named['latest'] },
  }
}

/** `Map ID`, `map-id` and `mapId` are all `map_id`. */
function columnName(name: string): string {
  const snake = name
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  return OTHER_NAMES[snake] ?? snake
}

function listOf(modes: unknown): unknown {
  return typeof modes === 'string' ? modes.split(/[\s,;]+/).filter((word) => word !== '') : modes
}

/** From four columns (`box_row` …), or one with the four numbers. */
function boxOf(named: Readonly<Record<string, unknown>>): unknown {
  const sides = BOX_SIDES.map((side) => [side, named[`box_${side}`]] as const)
  if (sides.some(([, value]) => value !== undefined && value !== '')) return Object.fromEntries(sides)
  const { box } = named
  if (typeof box !== 'string' || box.trim() === '') return box
  const numbers = box.trim().split(/[\s,;]+/)
  return numbers.length === BOX_SIDES.length
    ? Object.fromEntries(BOX_SIDES.map((side, index) => [side, numbers[index]]))
    : box
}

import { open, readFile, stat } from 'node:fs/promises'
import type { z } from 'zod'
import { formatBytes } from '../../../shared/units.ts'
import { badFile } from '../bad-input.ts'
import { sha256 } from '../sha256.ts'
import { FiftyOneSamples, verdictsOfFiftyOne } from './verdict-fiftyone.ts'
import { LabelStudioTasks, verdictsOfLabelStudio } from './verdict-label-studio.ts'
import type { RawVerdict } from './verdict-rows.ts'
import { isVerdictLine, verdictSeparator, verdictsOfCsv, verdictsOfJsonLines } from './verdict-tables.ts'

/** How much of a file says of which kind it is. */
const HEAD = 2 ** 16
/** Files are read whole. */
const MOST_BYTES = 2 ** 28

export const VERDICT_FILES = {
  csv: 'a table (CSV)',
  jsonl: 'JSON Lines',
  labelStudio: 'Label Studio JSON',
  fiftyone: 'FiftyOne samples',
} as const
export type VerdictFileKind = keyof typeof VERDICT_FILES

export interface VerdictFile {
  kind: VerdictFileKind
  sha256: string
  /** Verdicts that count; those that their file says were replaced later are left out. */
  rows: RawVerdict[]
  replaced: number
}

/** What kind of file of verdicts it is, by its first bytes; undefined where it is none. */
export async function verdictFileKind(path: string): Promise<VerdictFileKind | undefined> {
  if (!(await stat(path)).isFile()) return undefined
  const head = (await headOf(path)).replace(/^\ufeff/, '').trimStart()
  const [firstLine = ''] = head.split(/\r?\n/, 1)
  if (head.startsWith('[')) return /"(annotations|data)"\s*:/.test(head) ? 'labelStudio' : undefined
  if (!head.startsWith('{')) return verdictSeparator(firstLine) === undefined ? undefined : 'csv'
  if (/"samples"\s*:\s*\[/.test(head)) return 'fiftyone'
  return isVerdictLine(firstLine) ? 'jsonl' : undefined
}

/** Reads a file of verdicts; nothing that they say is checked. @throws HeatproofError `bad_file` */
export async function readVerdictFile(path: string): Promise<VerdictFile> {
  const kind = await verdictFileKind(path)
  if (kind === undefined) {
    throw badFile({
      source: path,
      found: 'no verdicts',
      expected: `${Object.values(VERDICT_FILES).join(', ')}; tables have a column 'verdict'`,
    })
  }
  const { size } = await stat(path)
  if (size > MOST_BYTES) {
    throw badFile({
      source: path,
      found: formatBytes(size),
      expected: `at most ${formatBytes(MOST_BYTES)} of verdicts`,
      advice: 'Divide the file, and import its parts one after the other.',
    })
  }
  const bytes = await readFile(path)
  const all = rowsOf(kind, decoded(bytes, path), path)
  const rows = all.filter(({ fields }) => String(fields['latest']).toLowerCase() !== 'false')
  return { kind, sha256: sha256(bytes), rows, replaced: all.length - rows.length }
}

function rowsOf(kind: VerdictFileKind, text: string, source: string): RawVerdict[] {
  switch (kind) {
    case 'csv':
      return verdictsOfCsv(text, source)
    case 'jsonl':
      return verdictsOfJsonLines(text, source)
    case 'labelStudio':
      return verdictsOfLabelStudio(parsed(LabelStudioTasks, text, source))
    case 'fiftyone':
      return verdictsOfFiftyOne(parsed(FiftyOneSamples, text, source), source)
  }
}

function parsed<Value>(schema: z.ZodType<Value>, text: string, source: string): Value {
  const json = schema.safeParse(jsonOf(text, source))
  if (json.success) return json.data
  const [issue] = json.error.issues
  throw badFile({
    source,
    found: `something else at ${issue?.path.join('.') ?? 'the top'}`,
    expected: issue?.message ?? 'what the tool exports',
  })
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    const found = `no JSON (${cause instanceof Error ? cause.message : String(cause)})`
    throw badFile({ source, found, expected: 'the whole of what the tool exports', cause })
  }
}

function decoded(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw badFile({
      source,
      found: 'bytes that are not UTF-8',
      expected: 'text in UTF-8',
      advice: 'Save it as UTF-8: spreadsheets ask for it when they write CSV.',
      cause,
    })
  }
}

async function headOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

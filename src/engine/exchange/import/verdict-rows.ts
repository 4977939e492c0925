import { z } from 'zod'
import { Box, Hash, PersonName } from '../../../shared/contract/common.ts'
import { FAILURE_MODES, VERDICTS, type FailureMode, type Verdict } from '../../../shared/names.ts'
import { badFile } from '../bad-input.ts'

/** A verdict as a file says it: its fields by name, and where in the file it stands, e.g. `line 4`. */
export interface RawVerdict {
  where: string
  fields: Readonly<Record<string, unknown>>
}

/** The most words or rows that a message lists. */
const LISTED = 10

const WholeNumber = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
])
const Text = z.string().trim().min(1)

/** A box as parts of its map, from its upper left corner. */
const PartBox = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })
const PixelBox = z
  .object({ row: WholeNumber, column: WholeNumber, height: WholeNumber, width: WholeNumber })
  .pipe(Box)

/** With an offset from UTC, as whoever reads the file may live elsewhere; not after now. */
const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .refine((text) => text <= new Date().toISOString())

const Fields = z.object({
  map_id: WholeNumber.optional(),
  sha256: z.string().trim().toLowerCase().pipe(Hash).optional(),
  sample_id: WholeNumber.optional(),
  sample: Text.optional(),
  sample_set: Text.optional(),
  sample_position: WholeNumber.optional(),
  model: Text.optional(),
  method: Text.optional(),
  reviewer: PersonName.optional(),
  verdict: Text.toLowerCase(),
  modes: z.array(Text.toLowerCase()).default([]),
  note: z.string().max(10_000).default(''),
  time: Time.optional(),
  box: z.union([PixelBox, PartBox]).optional(),
})
type Fields = z.infer<typeof Fields>

/** What each field must be, for people. */
const EXPECTED: Readonly<Record<string, string>> = {
  map_id: 'the number of a map',
  sha256: 'a SHA-256 of 64 hexadecimal digits',
  sample_id: 'the number of a sample',
  sample_position: 'a place in the sample set, from 0',
  reviewer: 'a name of at most 120 characters',
  verdict: VERDICTS.join(', '),
  modes: FAILURE_MODES.join(', '),
  time: 'a time that is not to come, with its offset from UTC, e.g. 2026-03-01T14:05:00Z',
  box: 'row, column, height and width in whole pixels of the map',
  note: 'a text of at most 10,000 characters',
}

/** A verdict that is well-formed; what it says of its map is not compared with any workspace yet. */
export type ReadVerdict = Omit<Fields, 'verdict' | 'modes'> & {
  where: string
  verdict: Verdict
  modes: FailureMode[]
}

/** The verdicts of a file, and what was left out of them. */
export interface ReadVerdicts {
  verdicts: ReadVerdict[]
  warnings: string[]
}

/**
 * Checks verdicts one by one. Modes of a verdict other than `fail` are left out, with a warning.
 *
 * @param source the file, for messages
 * @throws HeatproofError `bad_file` with the place of what is wrong; all unknown words at once; no verdicts at all
 */
export function readVerdicts(rows: readonly RawVerdict[], source: string): ReadVerdicts {
  if (rows.length === 0) {
    throw bad(source, { found: 'no verdict', expected: 'one verdict or more' })
  }
  const read = rows.map(({ where, fields }) => ({ where, fields: fieldsOf(fields, where, source) }))
  refuseUnknown(read, 'verdict', VERDICTS, ({ verdict }) => [verdict], source)
  refuseUnknown(read, 'failure mode', FAILURE_MODES, ({ modes }) => modes, source)
  let withoutUse = 0
  const verdicts = read.map(({ where, fields }): ReadVerdict => {
    const verdict = VERDICTS.find((name) => name === fields.verdict) ?? 'unsure'
    const named = FAILURE_MODES.filter((name) => fields.modes.includes(name))
    named.sort((a, b) => fields.modes.indexOf(a) - fields.modes.indexOf(b))
    if (verdict === 'fail' && named.length === 0) {
      throw bad(source, {
        found: `a fail without a failure mode in ${where}`,
        expected: `one of ${FAILURE_MODES.join(', ')}; 'other' is for what has no name`,
      })
    }
    if (verdict !== 'fail' && named.length > 0) withoutUse += 1
    return { ...fields, where, verdict, modes: verdict === 'fail' ? named : [] }
  })
  const warnings =
    withoutUse === 0
      ? []
      : [`${withoutUse} of the verdicts name failure modes without being a fail; these modes are left out.`]
  return { verdicts, warnings }
}

function fieldsOf(raw: RawVerdict['fields'], where: string, source: string): Fields {
  const said = Object.entries(raw).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const parsed = Fields.safeParse(Object.fromEntries(said))
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0] ?? 'verdict')
  const value = raw[name] === undefined ? 'nothing' : JSON.stringify(raw[name])
  throw bad(source, {
    found: `${value.length > 200 ? `${value.slice(0, 200)}…` : value} as ${name} in ${where}`,
    expected: EXPECTED[name] ?? 'a text',
  })
}

/** All of the words that nobody knows, so that a spreadsheet is put right in one go. */
function refuseUnknown(
  rows: readonly { where: string; fields: Fields }[],
  kind: string,
  known: readonly string[],
  wordsOf: (fields: Fields) => readonly string[],
  source: string,
): void {
  const unknown = new Map<string, string>()
  for (const { where, fields } of rows) {
    for (const word of wordsOf(fields)) {
      if (!known.includes(word) && !unknown.has(word)) unknown.set(word, where)
    }
  }
  if (unknown.size === 0) return
  const words = [...unknown].slice(0, LISTED).map(([word, where]) => `'${word}' (${where})`)
  const more = unknown.size > LISTED ? ` and ${unknown.size - LISTED} more` : ''
  throw bad(source, {
    found: `${unknown.size === 1 ? `an unknown ${kind}` : `unknown ${kind}s`} ${words.join(', ')}${more}`,
    expected: known.join(', '),
  })
}

function bad(source: string, complaint: { found: string; expected: string }) {
  return badFile({
    source,
    ...complaint,
    advice: 'Nothing was stored. Correct the file and import it again.',
  })
}

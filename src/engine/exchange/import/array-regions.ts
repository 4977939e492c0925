import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { Box, Region } from '../../../shared/contract/common.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { firstIssue } from '../../../shared/schema-issue.ts'
import { checkRegions, forEachPixel } from '../../metrics/regions.ts'
import type { StoredRegion } from '../../workspace/regions.ts'
import { badFile } from '../bad-input.ts'
import { npyWholeNumbers } from '../npy.ts'
import type { NpyReader } from '../npy-reader.ts'
import type { InputFrame } from './array-layout.ts'

/** The regions of some samples, in their order. */
export type RegionSlices = (first: number, count: number) => Promise<StoredRegion[][]>

/** A region as a file describes it; without a mark it holds evidence. */
const DescribedRegion = z.strictObject({
  name: z.string().trim().min(1).max(120),
  box: Box,
  mark: Region.shape.mark.optional(),
  label: z.int().nullable().optional(),
})
type DescribedRegion = z.infer<typeof DescribedRegion>
const RegionList = z.array(DescribedRegion).min(1)
const RegionsJson = z.union([RegionList, z.array(RegionList).min(1)])

const JSON_FORM =
  '[{"name", "box": {"row", "column", "height", "width"}, "mark"?, "label"?}, …], or one such list for each sample'
const CSV_FORM = 'columns sample, name, row, column, height, width, and where they are known mark and label'
const ADVICE = 'Correct the regions; samples, rows and columns count from 0.'

/** Marks of the regions of every sample: 1 where a region holds evidence. */
export type Marks = readonly (readonly number[])[]

/**
 * Regions from JSON: one list for all samples, or a list for each.
 *
 * @throws HeatproofError `bad_file`, with the place in the file
 */
export function regionsFromJson(
  text: string,
  frame: InputFrame,
  source: string,
  marks: Marks | undefined,
): RegionSlices {
  const parsed = RegionsJson.safeParse(parseJson(text, source))
  if (!parsed.success) {
    const { where, expected } = firstIssue(parsed.error)
    throw badRegions(
      source,
      `something else at ${where === '' ? 'the top' : where}`,
      `${expected} there, in ${JSON_FORM}`,
    )
  }
  const lists = Array.isArray(parsed.data[0])
    ? (parsed.data as DescribedRegion[][])
    : [parsed.data as DescribedRegion[]]
  if (lists.length !== 1 && lists.length !== frame.count) {
    throw badRegions(
      source,
      `${lists.length} lists of regions`,
      `one, or ${frame.count}: one for each sample`,
    )
  }
  return described((sample) => lists[lists.length === 1 ? 0 : sample] ?? [], frame, source, marks)
}

/**
 * Regions from a table with one line a region.
 *
 * @param sampleOf the sample with this number or name
 * @throws HeatproofError `bad_file`, with the line
 */
export function regionsFromCsv(
  text: string,
  frame: InputFrame,
  source: string,
  { marks, sampleOf }: { marks: Marks | undefined; sampleOf: (name: string) => number | undefined },
): RegionSlices {
  const lists = new Map<number, DescribedRegion[]>()
  for (const { record, line } of csvRecords(text, source)) {
    const sample = sampleOf(record['sample'] ?? '')
    if (sample === undefined) {
      throw badRegions(
        source,
        `the sample '${record['sample'] ?? ''}' in line ${line}`,
        `a number from 0 to ${frame.count - 1}, or one of names.txt`,
      )
    }
    const region = DescribedRegion.safeParse({
      name: record['name'],
      box: numbersOf(record, ['row', 'column', 'height', 'width']),
      ...numbersOf(record, ['mark', 'label']),
    })
    if (!region.success) {
      const { where, expected } = firstIssue(region.error)
      throw badRegions(source, `something else as '${where}' in line ${line}`, `${expected}, in ${CSV_FORM}`)
    }
    lists.set(sample, [...(lists.get(sample) ?? []), region.data])
  }
  return described((sample) => lists.get(sample) ?? [], frame, source, marks)
}

function csvRecords(text: string, source: string): { record: Record<string, string>; line: number }[] {
  try {
    const parsed: unknown = parse(text, {
      columns: true,
      bom: true,
      trim: true,
      info: true,
      skip_empty_lines: true,
    })
    return z
      .array(z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int() }) }))
      .parse(parsed)
      .map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    throw badRegions(
      source,
      `no table (${cause instanceof Error ? cause.message : String(cause)})`,
      CSV_FORM,
      cause,
    )
  }
}

/** The fields that are there and not empty, as numbers. */
function numbersOf(record: Record<string, string>, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = record[name] ?? ''
      return text === '' ? [] : [[name, Number(text)]]
    }),
  )
}

/** Checks every sample's regions at once, so that nothing is found out later. */
function described(
  listOf: (sample: number) => readonly DescribedRegion[],
  frame: InputFrame,
  source: string,
  marks: Marks | undefined,
): RegionSlices {
  const regionsOf = (sample: number) =>
    listOf(sample).map(({ name, box, mark = 1, label = null }, index): StoredRegion => ({
      ...{ name, box, label, filled: true },
      mark: (marks?.[sample]?.[index] ?? mark) === 1 ? 1 : 0,
    }))
  for (let sample = 0; sample < frame.count; sample += 1) checkSample(sample, listOf(sample))
  return (first, count) =>
    Promise.resolve(Array.from({ length: count }, (_, index) => withRest(regionsOf(first + index), frame)))

  function checkSample(sample: number, list: readonly DescribedRegion[]): void {
    if (list.length === 0)
      throw badRegions(source, `no region of sample ${sample}`, 'at least one region for each sample')
    requireMarks(marks, sample, list.length, source)
    if (marks !== undefined && list.some(({ mark }) => mark !== undefined)) {
      throw badRegions(source, `marks of sample ${sample}, beside marks.npy`, 'marks in one of the two files')
    }
    const names = list.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined)
      throw badRegions(
        source,
        `two regions '${twice}' of sample ${sample}`,
        'a name of its own for each region',
      )
    try {
      checkRegions(
        list.map((region) => ({ ...region, mark: 1 })),
        frame.rows,
        frame.columns,
      )
    } catch (error) {
      if (!(error instanceof HeatproofError)) throw error
      throw badRegions(source, `${error.found} of sample ${sample}`, error.expected, error)
    }
  }
}

function requireMarks(marks: Marks | undefined, sample: number, regions: number, source: string): void {
  const found = marks?.[sample]?.length ?? regions
  if (found === regions) return
  throw badRegions(
    source,
    `${regions} regions of sample ${sample} for ${found} marks`,
    'one mark for each region',
  )
}

/**
 * Regions from masks [N, rows, columns] of whole numbers: 0 is no region, k is region k.
 *
 * @throws HeatproofError `bad_file` (shape), and while it is read `bad_values` (no whole number, or more than 255), with the sample
 */
export function regionsFromMasks(
  reader: NpyReader,
  frame: InputFrame,
  source: string,
  marks: Marks | undefined,
): RegionSlices {
  const { count, rows, columns } = frame
  if (reader.shape.join() !== [count, rows, columns].join()) {
    throw badRegions(
      source,
      `masks of shape [${reader.shape.join(', ')}]`,
      `[${count}, ${rows}, ${columns}], one mask an input`,
    )
  }
  const pixels = rows * columns
  return async (first, length) => {
    const values = npyWholeNumbers(await reader.rows(first, length), source)
    return Array.from({ length }, (_, index) => {
      const mask = values.slice(index * pixels, (index + 1) * pixels)
      return withRest(regionsOfMask(mask, first + index), frame)
    })
  }

  function regionsOfMask(mask: readonly number[], sample: number): StoredRegion[] {
    const numbers = [...new Set(mask)].filter((value) => value !== 0).sort((a, b) => a - b)
    const wrong = numbers.find((value) => value < 0 || value > 255)
    if (wrong !== undefined)
      throw badRegions(
        source,
        `the value ${wrong} in the mask of sample ${sample}`,
        'whole numbers from 0 to 255',
      )
    if (numbers.length === 0)
      throw badRegions(source, `an empty mask of sample ${sample}`, 'at least one region for each sample')
    requireMarks(
      marks?.map((own) => own.slice(0, numbers.at(-1))),
      sample,
      numbers.at(-1) ?? 0,
      source,
    )
    return numbers.map((value) => regionOfValue(mask, value, columns, marks?.[sample]?.[value - 1] ?? 1))
  }
}

function regionOfValue(mask: readonly number[], value: number, columns: number, mark: number): StoredRegion {
  let [top, left, bottom, right] = [Infinity, Infinity, 0, 0]
  mask.forEach((pixel, index) => {
    if (pixel !== value) return
    const [row, column] = [Math.floor(index / columns), index % columns]
    ;[top, left] = [Math.min(top, row), Math.min(left, column)]
    ;[bottom, right] = [Math.max(bottom, row), Math.max(right, column)]
  })
  const box = { row: top, column: left, height: bottom - top + 1, width: right - left + 1 }
  const own = new Uint8Array(box.height * box.width)
  for (let pixel = 0; pixel < own.length; pixel += 1) {
    const [row, column] = [top + Math.floor(pixel / box.width), left + (pixel % box.width)]
    own[pixel] = mask[row * columns + column] === value ? 1 : 0
  }
  const isWhole = own.every((pixel) => pixel === 1)
  return {
    name: `region ${value}`,
    box,
    mark: mark === 1 ? 1 : 0,
    label: null,
    filled: true,
    ...(isWhole ? {} : { mask: own }),
  }
}

/** What the region of the pixels that lie in no other one is called. */
export const REST = 'elsewhere'

/**
 * Adds what no region covers as a region without evidence. Shares are parts of the regions' sum: without it, one box would get all
 * of every map, wherever the relevance is.
 */
export function withRest(
  regions: StoredRegion[],
  { rows, columns }: Pick<InputFrame, 'rows' | 'columns'>,
): StoredRegion[] {
  const mask = new Uint8Array(rows * columns).fill(1)
  for (const region of regions) forEachPixel(region, columns, (pixel) => (mask[pixel] = 0))
  if (regions.length === 0 || !mask.includes(1)) return regions
  const box = { row: 0, column: 0, height: rows, width: columns }
  return [...regions, { name: REST, box, mark: 0, label: null, filled: true, mask }]
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badRegions(
      source,
      `no JSON (${cause instanceof Error ? cause.message : String(cause)})`,
      JSON_FORM,
      cause,
    )
  }
}

function badRegions(source: string, found: string, expected: string, cause?: unknown): HeatproofError {
  return badFile({ source, found, expected, advice: ADVICE, cause })
}

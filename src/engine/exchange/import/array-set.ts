import { basename, extname } from 'node:path'
import { z } from 'zod'
import { ImportOptions } from '../../../shared/contract/imports.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import type { InputLayout, MapLayout } from '../../../shared/imports.ts'
import { canonicalMethod } from '../../../shared/methods.ts'
import { firstIssue } from '../../../shared/schema-issue.ts'
import { badFile } from '../bad-input.ts'
import type { NpyReader } from '../npy-reader.ts'
import { openArrayFiles, type ArrayFiles, type ArrayRole } from './array-files.ts'
import { areImagesAlone, requireNothingOfMaps } from './array-images.ts'
import { detectInputLayout, frameIn, inputFrame, mapLayout, type InputFrame } from './array-layout.ts'
import {
  regionsFromCsv,
  regionsFromJson,
  regionsFromMasks,
  type Marks,
  type RegionSlices,
} from './array-regions.ts'
import { classRows, markRows } from './array-values.ts'

/** about.json: what the options can say, and whether a method's maps hold negative values. */
const About = ImportOptions.extend({ signs: z.record(z.string(), z.enum(['signed', 'positive'])).optional() })

/** Maps of one method. */
export interface ArrayMaps {
  /** As the file is called. */
  name: string
  source: string
  reader: NpyReader
  layout: MapLayout
  channels: number
  /** What about.json says of negative values. */
  sign: 'signed' | 'positive' | undefined
}

/** A folder or .npz whose sizes fit together: what is small is read, what is large is open. */
export interface ArraySet {
  path: string
  files: ArrayFiles
  said: ImportOptions
  frame: InputFrame
  inputs: { reader: NpyReader; source: string; layout: InputLayout }
  /** None: images alone, of which no network says anything. */
  maps: ArrayMaps[]
  labels: number[]
  predictions: number[] | undefined
  explained: number[] | undefined
  logits: { reader: NpyReader; source: string; classes: number } | undefined
  regions: { file: string; slices: RegionSlices } | undefined
  names: string[] | undefined
  close: () => Promise<void>
}

/**
 * Opens a folder or .npz of arrays and checks that they fit together; inputs, maps and logits are read later, in slices.
 *
 * @throws HeatproofError `bad_file`, `bad_values`, `bad_argument`: what is wrong with which file
 */
export async function openArraySet(path: string, options: ImportOptions): Promise<ArraySet> {
  const files = await openArrayFiles(path, extname(path).toLowerCase() === '.npz' ? 'npz' : 'folder')
  const open: { close: () => Promise<void> }[] = [files]
  const close = async () => {
    for (const each of open.reverse()) await each.close()
  }
  const readerOf = async (array: { open: () => Promise<NpyReader> }) => {
    const reader = await array.open()
    open.push(reader)
    return reader
  }
  try {
    return { ...(await readSet(path, files, options, readerOf)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function readSet(
  path: string,
  files: ArrayFiles,
  options: ImportOptions,
  readerOf: (array: { open: () => Promise<NpyReader> }) => Promise<NpyReader>,
): Promise<Omit<ArraySet, 'close'>> {
  const about = aboutOf(await files.text('about.json'), `${path}: about.json`)
  const { signs = {}, ...stated } = about
  const said: ImportOptions = { ...stated, ...options }

  const inputReader = await readerOf(requireArray(files, 'inputs', path))
  const inputSource = pathOf(path, files.arrays.inputs)
  const layout = said.inputLayout ?? detectInputLayout(inputReader.shape, inputSource)
  const frame = inputFrame(layout, inputReader.shape, inputSource)

  const small = async <Value>(
    role: ArrayRole,
    read: (reader: NpyReader, source: string, count: number) => Promise<Value>,
  ) => {
    const array = files.arrays[role]
    return array && (await read(await readerOf(array), pathOf(path, array), frame.count))
  }
  const labels = await small('labels', classRows)
  if (labels === undefined) throw lacks('labels', path)
  const predictions = await small('predictions', classRows)
  const explained = await small('explained', classRows)
  const marks = await small('marks', markRows)
  const logits =
    files.arrays.logits &&
    (await openLogits(await readerOf(files.arrays.logits), pathOf(path, files.arrays.logits), frame.count))
  const isAlone = areImagesAlone(files)
  if (isAlone) requireNothingOfMaps(path, files, said, signs)
  else if (predictions === undefined && logits === undefined) throw lacks('predictions or logits', path)

  const maps: ArrayMaps[] = []
  for (const [name, array] of [...files.maps].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const source = pathOf(path, array)
    requireMethodName(name, source)
    const reader = await readerOf(array)
    const own = mapLayout(reader.shape, frame, source, said.mapLayout)
    const channels = frameIn(own, reader.shape)?.channels ?? 1
    maps.push({ name, source, reader, layout: own, channels, sign: signs[name] })
  }
  if (maps.length === 0 && !isAlone) throw lacks('maps (maps/METHOD.npy)', path)
  const nobody = Object.keys(signs).find((name) => !files.maps.has(name))
  if (nobody !== undefined) {
    throw badFile({
      source: `${path}: about.json`,
      found: `a sign of '${nobody}'`,
      expected: `one of ${[...files.maps.keys()].join(', ')}`,
    })
  }
  const names = namesOf(await files.text('names.txt'), frame.count, `${path}: names.txt`)
  const classNames = linesOf(await files.text('classes.txt'))
  return {
    ...{ path, files, frame, maps, labels, predictions, explained, logits, names },
    said: { ...(classNames && { classNames }), ...said },
    inputs: { reader: inputReader, source: inputSource, layout },
    regions: await openRegions(path, files, readerOf, { frame, marks, names }),
  }
}

async function openRegions(
  path: string,
  files: ArrayFiles,
  readerOf: (array: { open: () => Promise<NpyReader> }) => Promise<NpyReader>,
  { frame, marks, names }: { frame: InputFrame; marks: Marks | undefined; names: string[] | undefined },
): Promise<ArraySet['regions']> {
  const masks = files.arrays.regions
  const [json, csv] = [await files.text('regions.json'), await files.text('regions.csv')]
  const given = [
    masks && masks.path,
    json !== undefined && 'regions.json',
    csv !== undefined && 'regions.csv',
  ].filter((name) => typeof name === 'string')
  if (given.length > 1) {
    throw badFile({
      source: path,
      found: `regions in ${given.join(' and ')}`,
      expected: 'regions in one file',
      advice: 'Take the others out.',
    })
  }
  const [file] = given
  if (file === undefined) {
    if (marks === undefined) return undefined
    throw badFile({
      source: path,
      found: 'marks without regions',
      expected: 'regions.json, regions.csv or regions.npy beside them',
    })
  }
  const source = `${path}: ${file}`
  if (masks !== undefined)
    return { file, slices: regionsFromMasks(await readerOf(masks), frame, source, marks) }
  if (json !== undefined) return { file, slices: regionsFromJson(json, frame, source, marks) }
  const numbers = new Map(names?.map((name, index) => [name, index]))
  const sampleOf = (name: string) =>
    numbers.get(name) ?? (isIndex(name, frame.count) ? Number(name) : undefined)
  return { file, slices: regionsFromCsv(csv ?? '', frame, source, { marks, sampleOf }) }
}

function isIndex(text: string, count: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) < count
}

async function openLogits(
  reader: NpyReader,
  source: string,
  count: number,
): Promise<NonNullable<ArraySet['logits']>> {
  const [found, classes = 0] = reader.shape
  if (reader.shape.length === 2 && found === count && classes > 0 && classes <= 10_000)
    return Promise.resolve({ reader, source, classes })
  throw badFile({
    source,
    found: `logits of shape [${reader.shape.join(', ')}]`,
    expected: `[${count}, classes], one row an input`,
  })
}

function requireArray(files: ArrayFiles, role: 'inputs', path: string) {
  const array = files.arrays[role]
  if (array !== undefined) return array
  throw lacks(role, path)
}

function lacks(what: string, path: string): HeatproofError {
  return badFile({
    source: path,
    found: `no ${what}`,
    expected:
      'inputs.npy, labels.npy, predictions.npy or logits.npy, and maps/METHOD.npy for each method; or, of images without maps, inputs.npy and labels.npy alone',
    advice: 'See the recipe in the user guide: numpy.save for each of them.',
  })
}

function pathOf(path: string, array: { path: string } | undefined): string {
  return `${path}: ${array?.path ?? ''}`
}

function requireMethodName(name: string, source: string): void {
  try {
    canonicalMethod(`import:${name}`)
  } catch (cause) {
    throw badFile({
      source,
      found: `maps called '${name}'`,
      expected: cause instanceof HeatproofError ? cause.expected : 'another name',
      advice: 'Name the file by the method, e.g. maps/integrated_gradients.npy.',
      cause,
    })
  }
}

function aboutOf(text: string | undefined, source: string): z.infer<typeof About> {
  if (text === undefined) return {}
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw badFile({ source, found: 'no JSON', expected: 'an object', cause })
  }
  const parsed = About.safeParse(json)
  if (parsed.success) return parsed.data
  const { where, expected } = firstIssue(parsed.error)
  throw badFile({
    source,
    found: `something else at ${where === '' ? 'the top' : where}`,
    expected: `${expected} there`,
  })
}

function linesOf(text: string | undefined): string[] | undefined {
  return text
    ?.replace(/^\ufeff/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
}

function namesOf(text: string | undefined, count: number, source: string): string[] | undefined {
  const names = linesOf(text)
  if (names === undefined) return undefined
  if (names.length !== count) {
    throw badFile({ source, found: `${names.length} names`, expected: `${count}, one line an input` })
  }
  const lines = new Map<string, number>()
  names.forEach((name, index) => {
    const before = lines.get(name)
    if (name.trim() === '' || name.length > 255) {
      throw badFile({
        source,
        found: `a name of ${name.length} characters in line ${index + 1}`,
        expected: '1 to 255 characters',
      })
    }
    if (before !== undefined) {
      throw badFile({
        source,
        found: `the name '${name}' in lines ${before + 1} and ${index + 1}`,
        expected: 'a name of its own for each input',
      })
    }
    lines.set(name, index)
  })
  return names
}

/** What the set is called unless somebody says it: the file's or folder's name. */
export function defaultName(path: string): string {
  return basename(path)
    .replace(/\.npz$/i, '')
    .slice(0, 120)
}

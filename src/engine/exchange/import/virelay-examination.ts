import type { Watch } from './opened-maps.ts'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { badFile } from '../bad-input.ts'
import { summedOverChannels } from '../../models/channels.ts'
import { toRowsFirst } from './array-layout.ts'
import { analysisRows } from './virelay-analyses.ts'
import { collectedRows, nameOf, notFinite } from './virelay-values.ts'
import type { VirelayMethod, VirelaySet } from './virelay-set.ts'

/** What the values of projects look like. */
export interface VirelayFindings {
  /** Samples that were looked at, from the first. */
  count: number
  inputs: { low: number; high: number }
  /** Whether inputs of three channels are grey: the same three times. */
  isGrey: boolean
  /** Of the inputs' values, as they lie in the file, and their sizes. */
  inputsSha256: string
  /** One a method, in their order. */
  maps: { low: number; high: number }[]
  /** Predicted class of each sample. */
  predicted: number[]
}

/** Bytes of float32 that are read at a time. */
const SLICE_BYTES = 2 ** 22
/** Pictures in colour alone are what ViRelAy shows. */
const COLOURS = 3

/**
 * Reads every value of the first `most` samples once: finds what is no number, and what the values look like.
 *
 * @throws HeatproofError `bad_values`, `bad_file`, with the sample; `cancelled`
 */
export async function examineVirelay(
  set: VirelaySet,
  most: number,
  { signal, onProgress }: Watch = {},
): Promise<VirelayFindings> {
  const { rows, columns, channels } = set.frame
  const count = Math.min(most, set.members.length)
  const hash = createHash('sha256').update(JSON.stringify([set.layout, rows, columns, channels]))
  const inputs = { low: Infinity, high: -Infinity }
  const maps = set.methods.map(() => ({ low: Infinity, high: -Infinity }))
  const predicted: number[] = []
  let isGrey = channels === COLOURS
  const size = Math.max(1, Math.min(1024, Math.floor(SLICE_BYTES / (4 * rows * columns * channels))))
  for (let first = 0; first < count; first += size) {
    if (signal?.aborted === true) throw stopped()
    const length = Math.min(size, count - first)
    const images = imageRows(set, first, length)
    hash.update(new Uint8Array(images.buffer, images.byteOffset, images.byteLength))
    widen(inputs, images)
    isGrey &&= images.every((value, index) => value === images[index - (index % COLOURS)])
    for (const [index, method] of set.methods.entries()) {
      const facts = maps[index]
      if (facts !== undefined) widen(facts, relevanceRows(set, method, first, length))
    }
    predicted.push(...logitRows(set, first, length).map(largestOf))
    analysisRows(set, first, length)
    onProgress?.(first + length)
    await setImmediate()
  }
  return { ...{ count, inputs, isGrey, maps, predicted }, inputsSha256: hash.digest('hex') }
}

/** Inputs of some samples as [count, rows, columns, channels], as they are. @throws HeatproofError `bad_values`, `bad_file` */
export function imageRows(set: VirelaySet, first: number, count: number): Float32Array {
  const { inputs, layout, frame, members } = set
  const rows = members.slice(first, first + count)
  const values = collectedRows(inputs, rows, (index) => nameOf(set, first + index))
  return toRowsFirst(values, layout, frame)
}

/** Maps of some samples as [count, rows, columns]. @throws HeatproofError `bad_values`, `bad_file` */
export function relevanceRows(
  set: VirelaySet,
  { places }: VirelayMethod,
  first: number,
  count: number,
): Float32Array {
  const { rows, columns } = set.frame
  const relevance = new Float32Array(count * rows * columns)
  const own = set.members.slice(first, first + count).map((member) => placeOf(places, member))
  for (const [file, members] of Map.groupBy(own.entries(), ([, place]) => place.file)) {
    const values = collectedRows(
      file.maps,
      members.map(([, { row }]) => row),
      (index) => nameOf(set, first + (members[index]?.[0] ?? 0)),
    )
    const straight = toRowsFirst(values, file.layout, { ...set.frame, channels: file.channels })
    const summed = summedOverChannels(straight, file.channels)
    members.forEach(([at], index) => {
      const size = rows * columns
      relevance.set(summed.subarray(index * size, (index + 1) * size), at * size)
    })
  }
  return relevance
}

/**
 * Logits of some samples, by the first method. NaN at their end means that a network has fewer classes than others in the file.
 *
 * @throws HeatproofError `bad_values`, with the sample
 */
export function logitRows(set: VirelaySet, first: number, count: number): Float32Array[] {
  const [method] = set.methods
  return set.members.slice(first, first + count).map((member, index) => {
    const { file, row } = placeOf(method?.places, member)
    const values = Float32Array.from(file.prediction.read(row, 1))
    const length = values.findLastIndex((value) => !Number.isNaN(value)) + 1
    const logits = values.slice(0, length)
    const sample = nameOf(set, first + index)
    const wrong = logits.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0) throw notFinite(file.prediction.source, sample, wrong, logits[wrong])
    if (length > 0) return logits
    throw badFile({
      ...{ source: file.prediction.source, found: `no answer of the network to ${sample}` },
      expected: 'a number for each class',
      advice: 'Write what the network says of each input, or leave its map out.',
    })
  })
}

/** The class of the largest value. */
export function largestOf(logits: Float32Array): number {
  return logits.indexOf(Math.max(...logits))
}

function placeOf<Place>(places: ReadonlyMap<number, Place> | undefined, member: number): Place {
  const place = places?.get(member)
  if (place === undefined) throw new Error(`no map of input ${member}`)
  return place
}

function widen(range: { low: number; high: number }, values: Float32Array): void {
  for (const value of values) {
    if (value < range.low) range.low = value
    if (value > range.high) range.high = value
  }
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'the files to be checked to the end',
    advice: 'Nothing was stored; start the import again.',
  })
}

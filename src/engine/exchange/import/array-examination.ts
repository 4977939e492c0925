import { createHash } from 'node:crypto'
import { HeatproofError } from '../../../shared/errors.ts'
import { pearson } from '../../metrics/pearson.ts'
import { summedOverChannels } from '../../models/channels.ts'
import { toRowsFirst } from './array-layout.ts'
import type { ArrayMaps, ArraySet } from './array-set.ts'
import type { Watch } from './opened-maps.ts'
import { floatRows } from './array-values.ts'

/** What the values of one method's maps look like. */
export interface MapValuesFacts {
  low: number
  high: number
  /** Whether all are whole numbers. */
  isWhole: boolean
  /** Maps that are 0 everywhere. */
  empty: number
  /** Means over maps: how alike a map and its input are, as the map lies and turned; null for other than square ones. */
  likeness: { straight: number; turned: number } | null
}

export interface Examination {
  /** Samples that were looked at, from the first. */
  count: number
  inputs: { low: number; high: number }
  /** Of the inputs' values, as they lie in the file, and their sizes. */
  inputsSha256: string
  maps: MapValuesFacts[]
  /** Predicted class of each sample: as stated, or the one of the largest logit. */
  predicted: number[]
  /** Samples whose stated prediction is not the class of the largest logit. */
  otherPrediction: number
}

/** Bytes of float32 that are read of every array at a time. */
const SLICE_BYTES = 2 ** 22
/** Maps whose likeness to their input is measured. */
const COMPARED = 200

/** Samples that are read at a time. */
function sliceSize({ frame }: ArraySet): number {
  return Math.max(
    1,
    Math.min(1024, Math.floor(SLICE_BYTES / (4 * frame.rows * frame.columns * frame.channels))),
  )
}

/**
 * Reads every value of the first `most` samples once: finds what is no number, and what the values look like.
 *
 * @throws HeatproofError `bad_values`, with file and row; `cancelled`
 */
export async function examineArrays(
  set: ArraySet,
  most: number,
  { signal, onProgress }: Watch = {},
): Promise<Examination> {
  const count = Math.min(most, set.frame.count)
  const hash = createHash('sha256').update(JSON.stringify([set.inputs.layout, set.frame]))
  const inputs = { low: Infinity, high: -Infinity }
  const maps = set.maps.map(() => ({
    low: Infinity,
    high: -Infinity,
    isWhole: true,
    empty: 0,
    straight: 0,
    turned: 0,
    compared: 0,
  }))
  const predicted: number[] = []
  let otherPrediction = 0
  const size = sliceSize(set)
  for (let first = 0; first < count; first += size) {
    if (signal?.aborted === true) throw stoppedChecking()
    const length = Math.min(size, count - first)
    const values = await floatRows(set.inputs.reader, set.inputs.source, first, length)
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    widen(inputs, values)
    const images = toRowsFirst(values, set.inputs.layout, set.frame)
    for (const [index, own] of set.maps.entries()) {
      const facts = maps[index]
      const relevance = await mapRows(own, set, first, length)
      if (facts !== undefined) lookAt(facts, relevance, images, first, set)
    }
    otherPrediction += await predict(set, first, length, predicted)
    await set.regions?.slices(first, length)
    onProgress?.(first + length)
  }
  return {
    ...{ count, inputs, predicted, otherPrediction, inputsSha256: hash.digest('hex') },
    maps: maps.map(({ low, high, isWhole, empty, straight, turned, compared }) => ({
      ...{ low, high, isWhole, empty },
      likeness: compared === 0 ? null : { straight: straight / compared, turned: turned / compared },
    })),
  }
}

/** Maps of some samples as [count, rows, columns]. */
export async function mapRows(
  { reader, source, layout, channels }: ArrayMaps,
  { frame }: ArraySet,
  first: number,
  count: number,
): Promise<Float32Array> {
  const values = await floatRows(reader, source, first, count)
  return summedOverChannels(toRowsFirst(values, layout, { ...frame, channels }), channels)
}

function widen(range: { low: number; high: number }, values: Float32Array): void {
  let { low, high } = range
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  Object.assign(range, { low, high })
}

function lookAt(
  facts: {
    low: number
    high: number
    isWhole: boolean
    empty: number
    straight: number
    turned: number
    compared: number
  },
  relevance: Float32Array,
  images: Float32Array,
  first: number,
  { frame }: ArraySet,
): void {
  const { rows, columns, channels } = frame
  widen(facts, relevance)
  facts.isWhole &&= relevance.every(Number.isInteger)
  const pixels = rows * columns
  for (let start = 0; start < relevance.length; start += pixels) {
    const map = relevance.subarray(start, start + pixels)
    if (map.every((value) => value === 0)) facts.empty += 1
    const isCompared = rows === columns && first + start / pixels < COMPARED
    if (!isCompared) continue
    const image = summedOverChannels(images.subarray(start * channels, (start + pixels) * channels), channels)
    const sizes = map.map(Math.abs)
    const straight = pearson(sizes, image)
    const turned = pearson(sizes, transposed(image, rows))
    if (straight === null || turned === null) continue
    facts.straight += straight
    facts.turned += turned
    facts.compared += 1
  }
}

function transposed(square: Float32Array, side: number): Float32Array {
  return square.map((_, pixel) => square[(pixel % side) * side + Math.floor(pixel / side)] ?? 0)
}

/** Adds the predictions of some samples; gives how many of them are not the class of the largest logit. */
async function predict(
  { predictions, logits }: ArraySet,
  first: number,
  count: number,
  predicted: number[],
): Promise<number> {
  if (logits === undefined) {
    for (const prediction of predictions?.slice(first, first + count) ?? []) predicted.push(prediction)
    return 0
  }
  const values = await floatRows(logits.reader, logits.source, first, count)
  let others = 0
  for (let row = 0; row < count; row += 1) {
    const own = values.subarray(row * logits.classes, (row + 1) * logits.classes)
    const largest = own.indexOf(Math.max(...own))
    const stated = predictions?.[first + row] ?? largest
    if (stated !== largest) others += 1
    predicted.push(stated)
  }
  return others
}

function stoppedChecking(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'the files to be checked to the end',
    advice: 'Nothing was stored; start the import again.',
  })
}

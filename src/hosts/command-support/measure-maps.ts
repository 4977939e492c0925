import { baselineMaps, inputBaselineMaps } from '../../engine/metrics/baseline-maps.ts'
import type { MapRegion } from '../../engine/metrics/regions.ts'
import { scoreMap } from '../../engine/metrics/score.ts'
import { scoreSparseness, scoreStrokes } from '../../engine/metrics/score-pixels.ts'
import { strokeMask } from '../../engine/metrics/strokes.ts'
import { summedOverChannels } from '../../engine/models/channels.ts'
import { inOrder } from '../../engine/in-order.ts'
import { throwIfInterrupted } from './interrupt.ts'
import { readMarks } from './marks.ts'
import { slicesOf, type FloatMap, type MapsFile } from './maps-file.ts'
import type { MeasuredMaps, Scores } from './measured-maps.ts'
import type { ModelInputs } from './model-inputs.ts'
import type { PatchFlipping } from './patch-flipping.ts'
import { equalItems, readRegionsFile } from './regions-file.ts'

/** Maps that are read at a time; with a model each of them brings a batch of flipped images. */
const BATCH = 32

export interface MeasureTask {
  maps: MapsFile
  /** File of marks. */
  marks: string
  /** Default: as many items of equal width as there are marks. */
  regions: string | undefined
  /** What the maps explain; without them nothing is measured against strokes. */
  inputs: ModelInputs | undefined
  /** Turns patches of the inputs black; without it there is no AOPC. */
  flipping: PatchFlipping | undefined
  /** Also measures maps that see the input but not the model, and every baseline by flipping. */
  allBaselines: boolean
  tau: number
  /** Of the random maps; by default those of the method `random`. */
  seed: number
  signal: AbortSignal
  onProgress: (done: number) => void
}

export interface ItemShares {
  shares: number[]
  sharesPositive: number[]
  /** Signed sum over the regions. */
  total: number
}

export interface MeasuredByItem extends MeasuredMaps {
  /** In the order of the rows. */
  shares: ItemShares[]
}

/**
 * All metrics of maps in a file, and of the baselines, with the same regions, marks and inputs.
 *
 * @throws HeatproofError what reading marks, regions and maps throws; `cancelled`
 */
export async function measureMaps(task: MeasureTask): Promise<MeasuredByItem> {
  const { maps, inputs, signal } = task
  const { count: total, rows, columns } = maps
  const channels = inputs?.channels ?? 1
  const markLists = await readMarks(task.marks, total)
  const shape = { count: total, rows, columns, regions: markLists[0]?.length ?? 0 }
  const regionsOf =
    task.regions === undefined ? equalItems(shape) : await readRegionsFile(task.regions, shape)
  const measured: MeasuredByItem = { rows: [], shares: [], baselines: {} }

  await inOrder(
    slicesOf(total, BATCH),
    2,
    async ({ first, count }) => {
      throwIfInterrupted(signal, 'Start again to measure all maps.')
      const values = await maps.slice(first, count)
      const images = await inputs?.slice(first, count)
      return Promise.all(
        values.map((map, offset) => {
          const index = first + offset
          const image = images?.subarray(offset * map.length * channels, (offset + 1) * map.length * channels)
          const frame = { rows, columns, regions: regionsOf(index, markLists[index] ?? []) }
          return measureSample(task, { index, map, image, ...frame })
        }),
      )
    },
    (samples, { first, count }) => {
      for (const { index, shares, scores, baselines } of samples) {
        measured.rows.push({ index, scores })
        measured.shares.push(shares)
        for (const [name, own] of Object.entries(baselines)) (measured.baselines[name] ??= []).push(own)
      }
      task.onProgress(first + count)
      return Promise.resolve()
    },
  )
  return measured
}

interface Sample {
  index: number
  map: FloatMap
  image: Float32Array | undefined
  rows: number
  columns: number
  regions: MapRegion[]
}

/** No pixel of a colour image is a stroke by its brightness: marked regions count whole. */
function filledIfColour(regions: readonly MapRegion[], channels: number): MapRegion[] {
  return regions.map((region) => (channels === 1 ? region : { ...region, filled: true }))
}

/** [rows, columns]: the mean over the channels. */
function brightness(image: Float32Array, channels: number): Float32Array {
  return channels === 1 ? image : summedOverChannels(image, channels).map((sum) => sum / channels)
}

async function measureSample(task: MeasureTask, sample: Sample) {
  const { index, map, image, columns } = sample
  const channels = (image?.length ?? map.length) / map.length
  const strokes = image && strokeMask({ ...sample, input: image }, filledIfColour(sample.regions, channels))
  const others: Record<string, FloatMap> = {
    ...baselineMaps(map.length, task.seed, index),
    ...(image && task.allBaselines ? inputBaselineMaps(brightness(image, channels), columns) : {}),
  }
  const named = Object.entries(others)
  const flippedMaps = task.allBaselines ? [map, ...named.map(([, other]) => other)] : [map]
  const flipped = image && (await task.flipping?.score({ ...sample, image }, flippedMaps))
  const scoresOf = (values: FloatMap, position: number): Scores => [
    ...scoreMap({ ...sample, map: values, tau: task.tau }).scores,
    ...(strokes ? scoreStrokes(values, strokes) : []),
    ...scoreSparseness(values),
    ...(flipped?.[position] ?? []),
  ]
  const { shares, sharesPositive, total } = scoreMap({ ...sample, tau: task.tau })
  return {
    index,
    shares: { shares, sharesPositive, total },
    scores: scoresOf(map, 0),
    baselines: Object.fromEntries(
      named.map(([name, other], position) => [name, scoresOf(other, position + 1)]),
    ),
  }
}

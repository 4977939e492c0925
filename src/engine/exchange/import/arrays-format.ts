import { readdir, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { examineArrays, mapRows } from './array-examination.ts'
import { toRowsFirst } from './array-layout.ts'
import { factsOf, planOf, type ArrayPlan } from './array-plan.ts'
import { openArraySet, type ArraySet } from './array-set.ts'
import { floatRows } from './array-values.ts'
import type { ImportFormat } from './import-format.ts'
import type { ImportedBatch } from './imported-maps.ts'
import { openedMaps, targetsOf } from './opened-maps.ts'

const ARRAY_NAMES = new Set(['inputs.npy', 'input.npy', 'images.npy', 'x.npy', 'labels.npy'])

/** NumPy arrays: a folder of .npy files, or one .npz, of images with maps or without. */
export const arraysFormat: ImportFormat = {
  name: 'arrays',
  async detect(path) {
    const found = await stat(path)
    if (!found.isDirectory()) return extname(path).toLowerCase() === '.npz'
    return (await readdir(path)).some((name) => ARRAY_NAMES.has(name.toLowerCase()))
  },
  async open(path, options) {
    const set = await openArraySet(path, options)
    return openedMaps({
      count: set.frame.count,
      methods: set.maps.length,
      planOf: async (most, watch) => planOf(set, await examineArrays(set, most, watch)),
      factsOf: (plan, lookedAt) => factsOf(set, plan, lookedAt),
      batchOf: (plan, first, count) => batchOf(set, plan, first, count),
      hashes: set.files.hashes,
      close: set.close,
    })
  },
}

async function batchOf(set: ArraySet, plan: ArrayPlan, first: number, count: number): Promise<ImportedBatch> {
  const { frame, labels, logits, names } = set
  const images = await imagesOf(set, plan, first, count)
  const size = frame.rows * frame.columns * frame.channels
  const regions = await set.regions?.slices(first, count)
  const scores = logits && (await floatRows(logits.reader, logits.source, first, count))
  const predictions = Array.from({ length: set.maps.length === 0 ? 0 : count }, (_, index) => {
    const own =
      scores?.slice(index * (logits?.classes ?? 0), (index + 1) * (logits?.classes ?? 0)) ??
      new Float32Array()
    return { predicted: set.predictions?.[first + index] ?? own.indexOf(Math.max(...own)), logits: own }
  })
  const pixels = frame.rows * frame.columns
  const maps: Float32Array[][] = []
  for (const own of set.maps) {
    const values = await mapRows(own, set, first, count)
    maps.push(Array.from({ length: count }, (_, index) => values.slice(index * pixels, (index + 1) * pixels)))
  }
  const { rows, columns, channels } = frame
  return {
    maps,
    predictions,
    targets: targetsOf(plan, labels.slice(first, first + count), predictions),
    samples: Array.from({ length: count }, (_, index) => {
      const name = names?.[first + index]
      return {
        ...{ rows, columns, channels, position: first + index, label: labels[first + index] ?? 0 },
        input: images.slice(index * size, (index + 1) * size),
        provenance: { sequence: first + index, images: [], ...(name !== undefined && { name }) },
        regions: regions?.[index] ?? [],
      }
    }),
  }
}

/** Inputs of some samples as [count, rows, columns, channels] in [-1, 1]. */
async function imagesOf(
  set: ArraySet,
  { range: [low, high] }: ArrayPlan,
  first: number,
  count: number,
): Promise<Float32Array> {
  const values = await floatRows(set.inputs.reader, set.inputs.source, first, count)
  return toRowsFirst(values, set.inputs.layout, set.frame).map(
    (value) => ((value - low) / (high - low)) * 2 - 1,
  )
}

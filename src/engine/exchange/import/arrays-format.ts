import { readdir, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { ImportPreview } from '../../../shared/contract/imports.ts'
import { sha256 } from '../sha256.ts'
import { examineArrays, mapRows, sliceSize, type Examination } from './array-examination.ts'
import { toRowsFirst } from './array-layout.ts'
import { factsOf, planOf, type ArrayPlan } from './array-plan.ts'
import { REST } from './array-regions.ts'
import { openArraySet, type ArraySet } from './array-set.ts'
import { floatRows } from './array-values.ts'
import type { ImportContext, ImportFormat, StoredImport } from './import-format.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'
import { conflictsOf, storeMaps } from './store-maps.ts'

/** Samples whose values are looked at for a preview. */
const LOOKED_AT = 500
/** Samples that are shown. */
const SHOWN = 3
const ARRAY_NAMES = new Set(['inputs.npy', 'input.npy', 'images.npy', 'x.npy', 'labels.npy'])

/** NumPy arrays: a folder of .npy files, or one .npz. */
export const arraysFormat: ImportFormat = {
  name: 'arrays',
  async detect(path) {
    const found = await stat(path)
    if (!found.isDirectory()) return extname(path).toLowerCase() === '.npz'
    return (await readdir(path)).some((name) => ARRAY_NAMES.has(name.toLowerCase()))
  },
  async open(path, options) {
    const set = await openArraySet(path, options)
    return {
      async inspect(database) {
        const examined = await examineArrays(set, LOOKED_AT)
        const plan = planOf(set, examined)
        const isWhole = examined.count === set.frame.count
        return {
          facts: factsOf(set, plan, examined),
          warnings: plan.warnings,
          conflicts: isWhole ? await conflictsOf(database, importedMaps(set, plan, '')) : [],
          previews: await previewsOf(set, plan, examined),
        }
      },
      store: (context) => storeArrays(set, context),
      close: set.close,
    }
  },
}

async function storeArrays(set: ArraySet, context: ImportContext): Promise<StoredImport> {
  const total = set.frame.count * set.maps.length
  const { signal, report } = context
  const examined = await examineArrays(set, Infinity, {
    signal,
    onProgress: (done) =>
      report({ done: 0, total, detail: `checking: ${Math.floor((100 * done) / set.frame.count)} %` }),
  })
  const plan = planOf(set, examined)
  const files = await set.files.hashes()
  return storeMaps(context, importedMaps(set, plan, sha256(JSON.stringify(files)), files))
}

function importedMaps(
  set: ArraySet,
  plan: ArrayPlan,
  hash: string,
  files: { name: string; sha256: string }[] = [],
): ImportedMaps {
  const { classNames } = set.said
  return {
    ...{ name: plan.name, model: plan.model, tool: plan.tool, methods: plan.methods, target: plan.target },
    ...{ inputsSha256: plan.inputsSha256, warnings: plan.warnings, sha256: hash, count: set.frame.count },
    source: { files, ...(classNames && { classNames }) },
    async *batches(first, size) {
      for (let at = first; at < set.frame.count; at += size) {
        yield await batchOf(set, plan, at, Math.min(size, set.frame.count - at))
      }
    },
  }
}

async function batchOf(set: ArraySet, plan: ArrayPlan, first: number, count: number): Promise<ImportedBatch> {
  const { frame, labels, logits, names } = set
  const images = await imagesOf(set, plan, first, count)
  const size = frame.rows * frame.columns * frame.channels
  const regions = await set.regions?.slices(first, count)
  const scores = logits && (await floatRows(logits.reader, logits.source, first, count))
  const predictions = Array.from({ length: count }, (_, index) => {
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
    targets: predictions.map(({ predicted }, index) => {
      if (typeof plan.target === 'number') return plan.target
      return plan.target === 'label' ? (labels[first + index] ?? 0) : predicted
    }),
    samples: predictions.map((_, index) => {
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

async function previewsOf(set: ArraySet, plan: ArrayPlan, { count }: Examination): Promise<ImportPreview[]> {
  const { samples, maps, predictions } = await batchOf(set, plan, 0, Math.min(SHOWN, count, sliceSize(set)))
  const named = (value: number) => set.said.classNames?.[value] ?? String(value)
  return samples.map(({ rows, columns, channels = 1, input, label, regions, provenance }, index) => ({
    ...{ rows, columns, channels },
    title: `${provenance.name ?? `sample ${index}`}: label ${named(label)}, says ${named(predictions[index]?.predicted ?? 0)}`,
    input: [...input],
    map: [...(maps[0]?.[index] ?? [])],
    boxes: regions.filter(({ name }) => name !== REST).map(({ box }) => box),
  }))
}

import { relative } from 'node:path'
import type { ImportPreview } from '../../../shared/contract/imports.ts'
import { formatCount, formatValue } from '../../../shared/units.ts'
import { sha256, sha256OfFile } from '../sha256.ts'
import type { ImportContext, ImportFormat, StoredImport } from './import-format.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'
import { conflictsOf, storeMaps } from './store-maps.ts'
import {
  examineVirelay,
  imageRows,
  largestOf,
  logitRows,
  nameOf,
  relevanceRows,
} from './virelay-examination.ts'
import { virelayPlan, type VirelayPlan } from './virelay-plan.ts'
import { virelayProjectFiles } from './virelay-project.ts'
import { openVirelaySet, type VirelaySet } from './virelay-set.ts'

/** Samples whose values are looked at for a preview. */
const LOOKED_AT = 500
/** Samples that are shown. */
const SHOWN = 3

/** Projects of ViRelAy: a project file, or a folder with those of one model and data set. */
export const virelayFormat: ImportFormat = {
  name: 'virelay',
  detect: async (path) => (await virelayProjectFiles(path)).length > 0,
  async open(path, options) {
    const set = await openVirelaySet(path, options)
    return {
      async inspect(database) {
        const found = await examineVirelay(set, LOOKED_AT)
        const plan = virelayPlan(set, found)
        const isWhole = found.count === set.members.length
        return {
          facts: factsOf(set, plan),
          warnings: plan.warnings,
          conflicts: isWhole ? await conflictsOf(database, importedMaps(set, plan, [])) : [],
          previews: previewsOf(set, plan, Math.min(SHOWN, found.count)),
        }
      },
      store: (context) => store(set, context),
      close() {
        set.close()
        return Promise.resolve()
      },
    }
  },
}

async function store(set: VirelaySet, context: ImportContext): Promise<StoredImport> {
  const count = set.members.length
  const total = count * set.methods.length
  const { signal, report } = context
  const found = await examineVirelay(set, Infinity, {
    signal,
    onProgress: (done) =>
      report({ done: 0, total, detail: `checking: ${Math.floor((100 * done) / count)} %` }),
  })
  const files: { name: string; sha256: string }[] = []
  for (const file of set.files) {
    files.push({ name: relative(set.path, file) || file, sha256: await sha256OfFile(file) })
  }
  return storeMaps(context, importedMaps(set, virelayPlan(set, found), files))
}

function importedMaps(
  set: VirelaySet,
  plan: VirelayPlan,
  files: { name: string; sha256: string }[],
): ImportedMaps {
  const { name, model, tool, methods, target, inputsSha256, warnings, classNames } = plan
  const count = set.members.length
  return {
    ...{ name, model, tool, methods, target, inputsSha256, warnings, count },
    sha256: sha256(JSON.stringify(files)),
    source: { files, ...(classNames && { classNames }) },
    async *batches(first, size) {
      for (let at = first; at < count; at += size) {
        yield await Promise.resolve(batchOf(set, plan, at, Math.min(size, count - at)))
      }
    },
  }
}

function batchOf(set: VirelaySet, plan: VirelayPlan, first: number, count: number): ImportedBatch {
  const { rows, columns } = set.frame
  const { channels } = plan
  const images = plan.inputs(imageRows(set, first, count))
  const part = (values: Float32Array, index: number, size: number) =>
    values.slice(index * size, (index + 1) * size)
  const predictions = logitRows(set, first, count).map((logits) => ({ predicted: largestOf(logits), logits }))
  return {
    predictions,
    maps: set.methods.map((method) => {
      const values = relevanceRows(set, method, first, count)
      return predictions.map((_, index) => part(values, index, rows * columns))
    }),
    targets: predictions.map(({ predicted }, index) => {
      if (typeof plan.target === 'number') return plan.target
      return plan.target === 'label' ? (set.labels[first + index] ?? 0) : predicted
    }),
    samples: predictions.map((_, index) => ({
      ...{ rows, columns, channels, position: first + index, label: set.labels[first + index] ?? 0 },
      input: part(images, index, rows * columns * channels),
      provenance: {
        sequence: set.members[first + index] ?? 0,
        images: [],
        ...(set.inputs.keys && { name: nameOf(set, first + index) }),
      },
      regions: [],
    })),
  }
}

function factsOf(set: VirelaySet, plan: VirelayPlan): { name: string; value: string }[] {
  const { inputs, frame, members, methods } = set
  const grey = plan.channels < frame.channels ? ', grey' : ''
  return [
    { name: 'name', value: plan.name },
    { name: 'model', value: plan.model },
    {
      name: 'inputs',
      value: `${formatCount(members.length)} of ${formatCount(inputs.count)}, ${frame.rows} x ${frame.columns} x ${frame.channels}${grey}; ${plan.range[0]} is black and ${plan.range[1]} white`,
    },
    ...methods.map(({ project }, index) => ({
      name: plan.methods[index] ?? project.method,
      value: `${project.name}; from ${formatValue(plan.maps[index]?.low)} to ${formatValue(plan.maps[index]?.high)}`,
    })),
    {
      name: 'explained class',
      value: typeof plan.target === 'number' ? `class ${plan.target}` : plan.target,
    },
    ...(plan.classNames ? [{ name: 'classes', value: plan.classNames.join(', ') }] : []),
    ...(plan.tool === null ? [] : [{ name: 'tool', value: plan.tool }]),
  ]
}

function previewsOf(set: VirelaySet, plan: VirelayPlan, count: number): ImportPreview[] {
  const { samples, maps, predictions } = batchOf(set, plan, 0, count)
  const named = (value: number) => plan.classNames?.[value] ?? String(value)
  return samples.map(({ rows, columns, channels = 1, input, label }, index) => ({
    ...{ rows, columns, channels },
    title: `${nameOf(set, index)}: label ${named(label)}, says ${named(predictions[index]?.predicted ?? 0)}`,
    input: [...input],
    map: [...(maps[0]?.[index] ?? [])],
    boxes: [],
  }))
}

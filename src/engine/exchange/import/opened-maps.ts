import type { ImportFindings, ImportPreview } from '../../../shared/contract/imports.ts'
import { sha256 } from '../sha256.ts'
import { REST } from './array-regions.ts'
import type { ImportContext, OpenedImport, StoredImport } from './import-format.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'
import { conflictsOf } from './import-conflicts.ts'
import { storeImages } from './store-images.ts'
import { storeMaps } from './store-maps.ts'

/** What maps are taken for, once their values were looked at. */
export interface MapsPlan extends Pick<
  ImportedMaps,
  'name' | 'model' | 'tool' | 'methods' | 'target' | 'inputsSha256' | 'warnings'
> {
  classNames: readonly string[] | undefined
}

export interface Watch {
  signal?: AbortSignal
  onProgress?: (done: number) => void
}

/** Maps in files of some format, open to be read. */
export interface MapsReader<Plan extends MapsPlan> {
  /** Samples, and maps of each; 0 where images come without maps. */
  count: number
  methods: number
  /** Reads every value of the first `most` samples once. @throws HeatproofError what is wrong, with the row; `cancelled` */
  planOf: (most: number, watch?: Watch) => Promise<Plan>
  factsOf: (plan: Plan, lookedAt: number) => ImportFindings['facts']
  batchOf: (plan: Plan, first: number, count: number) => ImportedBatch | Promise<ImportedBatch>
  /** Clusterings and embeddings, where the format has them. */
  analyses?: Pick<ImportedMaps, 'analyses' | 'analysisRows'>
  /** Of every file that is read. */
  hashes: () => Promise<{ name: string; sha256: string }[]>
  close: () => Promise<void>
}

/** Samples whose values are looked at before anything is confirmed. */
const LOOKED_AT = 500
/** Samples that are shown. */
const SHOWN = 3

/** The two passes of an import of maps, whatever the format: everything is looked at, then stored. */
export function openedMaps<Plan extends MapsPlan>(reader: MapsReader<Plan>): OpenedImport {
  const { count, factsOf, batchOf, close } = reader
  return {
    async inspect(database) {
      const lookedAt = Math.min(LOOKED_AT, count)
      const plan = await reader.planOf(lookedAt)
      return {
        facts: factsOf(plan, lookedAt),
        warnings: plan.warnings,
        conflicts: lookedAt === count ? await conflictsOf(database, importedMaps(reader, plan, [])) : [],
        previews: previewsOf(plan, await batchOf(plan, 0, Math.min(SHOWN, lookedAt))),
      }
    },
    store: (context) => store(reader, context),
    close,
  }
}

async function store<Plan extends MapsPlan>(
  reader: MapsReader<Plan>,
  context: ImportContext,
): Promise<StoredImport> {
  const { signal, report } = context
  const total = reader.count * Math.max(1, reader.methods)
  const unit = reader.methods === 0 ? 'images' : 'maps'
  const onProgress = (done: number) =>
    report({ done: 0, total, unit, detail: `checking: ${Math.floor((100 * done) / reader.count)} %` })
  const plan = await reader.planOf(Infinity, { signal, onProgress })
  const maps = importedMaps(reader, plan, await reader.hashes())
  return reader.methods === 0 ? storeImages(context, maps) : storeMaps(context, maps)
}

function importedMaps<Plan extends MapsPlan>(
  { count, batchOf, analyses = { analyses: [], analysisRows: () => [] } }: MapsReader<Plan>,
  plan: Plan,
  files: { name: string; sha256: string }[],
): ImportedMaps {
  const { name, model, tool, methods, target, inputsSha256, warnings, classNames } = plan
  return {
    ...{ name, model, tool, methods, target, inputsSha256, warnings, count },
    ...analyses,
    sha256: sha256(JSON.stringify(files)),
    source: { files, ...(classNames && { classNames: [...classNames] }) },
    async *batches(first, size) {
      for (let at = first; at < count; at += size) yield await batchOf(plan, at, Math.min(size, count - at))
    },
  }
}

function previewsOf(
  { classNames }: MapsPlan,
  { samples, maps, predictions }: ImportedBatch,
): ImportPreview[] {
  const named = (value: number) => classNames?.[value] ?? String(value)
  return samples.map(({ rows, columns, channels = 1, input, label, regions, provenance }, index) => {
    const answer = predictions[index]
    const map = maps[0]?.[index]
    return {
      ...{ rows, columns, channels },
      title: `${provenance.name ?? `sample ${provenance.sequence}`}: label ${named(label)}${answer === undefined ? '' : `, says ${named(answer.predicted)}`}`,
      input: [...input],
      map: map === undefined ? null : [...map],
      boxes: regions.filter(({ name }) => name !== REST).map(({ box }) => box),
    }
  })
}

/** The class that each map explains, by the one rule of an import. */
export function targetsOf(
  { target }: Pick<MapsPlan, 'target'>,
  labels: readonly number[],
  predictions: ImportedBatch['predictions'],
): number[] {
  return predictions.map(({ predicted }, index) => {
    if (typeof target === 'number') return target
    return target === 'label' ? (labels[index] ?? 0) : predicted
  })
}

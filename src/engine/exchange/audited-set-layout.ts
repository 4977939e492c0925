import type { ModelSummary } from '../../shared/contract/runs.ts'
import { shortHash } from '../../shared/units.ts'
import type { InputSize } from '../workspace/export-scans.ts'
import type { SelectedMap } from './audited-set-selection.ts'

/** An array file [members, rows, columns], inputs of several channels [members, rows, columns, channels]: member i is its row i. */
export interface ArrayFile<Member> extends InputSize {
  path: string
  members: Member[]
}

/** In which row of which array file something stands. */
export interface Place {
  file: string
  row: number
}

/** The models and sizes that the paths of a set depend on. */
export interface LayoutFacts {
  models: ReadonlyMap<number, ModelSummary>
  sizes: ReadonlyMap<number, InputSize>
}

/** One file of maps a model and method, by sample; samples of several sizes are in files of their own. */
export function mapFiles(maps: readonly SelectedMap[], facts: LayoutFacts): ArrayFile<SelectedMap>[] {
  const bySample = maps.toSorted((a, b) => a.sampleId - b.sampleId || a.mapId - b.mapId)
  const byStem = Map.groupBy(
    bySample,
    ({ modelId, method }) => `maps/${modelStem(modelId, facts)}/${methodStem(method)}`,
  )
  return [...byStem]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([stem, members]) =>
      arrayFiles(stem, members, ({ sampleId }) => ({ ...sizeOf(sampleId, facts), channels: 1 })),
    )
}

/** The inputs of the samples that the maps belong to, by ascending id. */
export function inputFiles(maps: readonly SelectedMap[], facts: LayoutFacts): ArrayFile<number>[] {
  const ids = [...new Set(maps.map(({ sampleId }) => sampleId))].sort((a, b) => a - b)
  return arrayFiles('inputs', ids, (id) => sizeOf(id, facts))
}

export function modelFile(modelId: number, facts: LayoutFacts): string {
  return `models/${modelStem(modelId, facts)}.safetensors`
}

export function imageFile(map: SelectedMap, facts: LayoutFacts): string {
  return `images/${mapFolder(map, facts)}/sample-${map.sampleId}-map-${map.mapId}.png`
}

/** A folder for the maps of a model and method, e.g. `MODEL-HASH/dtd`. */
export function mapFolder({ modelId, method }: SelectedMap, facts: LayoutFacts): string {
  return `${modelStem(modelId, facts)}/${methodStem(method)}`
}

function arrayFiles<Member>(
  stem: string,
  members: readonly Member[],
  size: (member: Member) => InputSize,
): ArrayFile<Member>[] {
  const files = new Map<string, ArrayFile<Member>>()
  for (const member of members) {
    const { rows, columns, channels } = size(member)
    const name = channels === 1 ? `${rows}x${columns}` : `${rows}x${columns}x${channels}`
    const file = files.get(name) ?? { path: `${stem}-${name}.npy`, rows, columns, channels, members: [] }
    file.members.push(member)
    files.set(name, file)
  }
  const [only, ...others] = files.values()
  return only !== undefined && others.length === 0 ? [{ ...only, path: `${stem}.npy` }] : [...files.values()]
}

function sizeOf(sampleId: number, { sizes }: LayoutFacts): InputSize {
  return sizes.get(sampleId) ?? { rows: 0, columns: 0, channels: 1 }
}

/** The model's name with the start of its hash, since two models may have one name. */
function modelStem(modelId: number, { models }: LayoutFacts): string {
  const model = models.get(modelId)
  return model === undefined ? `model-${modelId}` : `${fileSafe(model.name)}-${shortHash(model.sha256)}`
}

function methodStem(method: string): string {
  return fileSafe(method)
}

/** The text with `_` for everything that a file system or shell could take amiss; never hidden, never too long. */
function fileSafe(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100)
}

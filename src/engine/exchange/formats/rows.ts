import { className } from '../../../shared/class-names.ts'
import {
  getSample,
  listSampleSets,
  type StoredSample,
  type StoredSampleSet,
} from '../../workspace/samples.ts'
import type { ExportedVerdict } from '../../workspace/export-scans.ts'
import type { SetContext } from '../audited-set-context.ts'
import { readMapRows, type MapRow } from '../audited-set-map-rows.ts'
import type { SelectedMap } from '../audited-set-selection.ts'

/** Rows of a page, at most. */
const MOST_ROWS = 100
/** Pixels that all maps, or all inputs, of a page have together, at most; but a page has at least one of them. */
const MOST_PIXELS = 2 ** 22

/** A sample of an export with the set that it is of. */
export interface SampleRow {
  sample: StoredSample
  set: StoredSampleSet
  /** What people call its label. */
  labelName: string
}

/** The maps of the export, by sample and then by id, a page at a time; or those that are given, in their order. */
export function* mapPages(
  context: SetContext,
  maps: readonly SelectedMap[] = mapsBySample(context.selection.maps),
): Generator<MapRow[]> {
  for (const page of pagesOf(context, maps, ({ sampleId }) => sampleId)) yield readMapRows(context, page)
}

/** The samples that the maps of the export belong to, by ascending id, a page at a time. */
export function* samplePages(context: SetContext): Generator<SampleRow[]> {
  const { database, selection } = context
  const sets = new Map(listSampleSets(database).map((set) => [set.id, set]))
  const ids = [...new Set(selection.maps.map(({ sampleId }) => sampleId))].sort((a, b) => a - b)
  for (const page of pagesOf(context, ids, (id) => id)) {
    yield page.map((id): SampleRow => {
      const sample = getSample(database, id)
      const set = sets.get(sample?.sampleSetId ?? 0)
      if (sample === undefined || set === undefined) throw new Error(`sample ${id} without its set`)
      return { sample, set, labelName: labelName(set, sample.label) }
    })
  }
}

/** What people call a class of the samples of a set. */
export function labelName({ dataset, source }: StoredSampleSet, label: number): string {
  return source.classNames?.[label] ?? className(dataset, label)
}

export function mapsBySample(maps: readonly SelectedMap[]): SelectedMap[] {
  return maps.toSorted((a, b) => a.sampleId - b.sampleId || a.mapId - b.mapId)
}

function* pagesOf<Item>(
  { sizes, checkCancelled }: SetContext,
  items: readonly Item[],
  sampleOf: (item: Item) => number,
): Generator<Item[]> {
  let page: Item[] = []
  let pixels = 0
  for (const item of items) {
    const { rows, columns } = sizes.get(sampleOf(item)) ?? { rows: 0, columns: 0 }
    const isFull = page.length === MOST_ROWS || pixels + rows * columns > MOST_PIXELS
    if (isFull && page.length > 0) {
      checkCancelled()
      yield page
      page = []
      pixels = 0
    }
    page.push(item)
    pixels += rows * columns
  }
  checkCancelled()
  if (page.length > 0) yield page
}

/** The verdicts on a map that count: each reviewer's last word, unless it was taken back. */
export function countedVerdicts({ history, consensus }: MapRow): ExportedVerdict[] {
  return history.filter(({ id }) => consensus.latest.has(id))
}

/** Each metric's value by its name; null where it is not defined. */
export function scoresByName({ scores }: MapRow): Record<string, number | null> {
  return Object.fromEntries(scores.map(({ metric, value }) => [metric, value]))
}

/** What sets a map apart from others of its sample, model and method, e.g. ` class 3`; mostly nothing. */
export function mapVariant({ map }: Pick<MapRow, 'map'>): string {
  const target = { label: '', predicted: ' predicted', class: ` class ${map.target}` }[map.targetKind]
  return map.seed === 0 ? target : `${target} seed ${map.seed}`
}

/** A map as the selection of its export has it. */
export function selectedOf({ map }: Pick<MapRow, 'map'>): SelectedMap {
  return { mapId: map.id, sampleId: map.sampleId, modelId: map.modelId, method: map.method }
}

/** A sample of an export with the maps of it, in the order of their ids. */
export interface SampleMaps extends SampleRow {
  maps: MapRow[]
}

/** The samples with their maps, one at a time. */
export function* samplesWithMaps(context: SetContext): Generator<SampleMaps> {
  const bySample = Map.groupBy(mapsBySample(context.selection.maps), ({ sampleId }) => sampleId)
  for (const page of samplePages(context)) {
    for (const row of page) {
      context.checkCancelled()
      yield { ...row, maps: readMapRows(context, bySample.get(row.sample.id) ?? []) }
    }
  }
}

import type { Database } from 'better-sqlite3'
import { seededGenerator } from '../../shared/seeds.ts'
import { pauser } from '../pauser.ts'
import { sampleOf } from '../review/queue.ts'
import { listGroupedMaps, mostItems, type GroupedMap } from '../workspace/group-maps.ts'
import type { AnalysedMaps } from './analyses.ts'
import { clusterInWorker } from './cluster-in-worker.ts'
import { nearestCentre } from './cluster.ts'
import { featuresOf, meanMap } from './features.ts'

/** Of more maps, so many that are drawn at random decide where the centres lie; all maps then go to the nearest centre. */
const MOST_FITTED = 10_000
/** The mean map of a larger group is that of so many of its maps, drawn at random. */
const MOST_AVERAGED = 500
/** Maps that are read at once. */
const PAGE = 50
/** Maps whose items are counted at once. */
const COUNTED = 2000

export interface FormedGroup {
  /** What its cluster is called, null where the groups were formed here. */
  name: string | null
  /** In an order drawn at random, in which they are looked at. */
  mapIds: number[]
  /** `mean of R / Σ |R|`, rows x columns of its first map. */
  meanMap: Float32Array
  columns: number
  /** Maps that the mean map is of. */
  averaged: number
  /** Mean share of the relevance by item: where it is a majority item, and where it is an odd one. They add up to its mean share. */
  majority: number[]
  odd: number[]
}

export interface Grouping {
  /** Groups that were asked for, or clusters that are there. */
  asked: number
  /** Maps in all groups, and maps that the centres were fitted to. */
  maps: number
  fitted: number
  /** Maps that are in no group, since the analysis says nothing of them. */
  without: number
  /** The largest first. None is empty. */
  groups: FormedGroup[]
}

/** Groups for so many maps unless the user says otherwise: a few that can be told apart, not one for every oddity. */
export function usualGroups(maps: number): number {
  return Math.min(16, Math.max(2, Math.round(Math.sqrt(maps / 2))))
}

export interface GroupingRule {
  /** null: as many as suit the number of maps. */
  groups: number | null
  seed: number
  /** What says which maps are similar; null: the features of our own. */
  analysed: AnalysedMaps | null
}

/** One group, before its maps are read: the places of its maps. */
interface Part {
  name: string | null
  places: number[]
}

/**
 * Puts similar maps together: by `featuresOf` or the places of an embedding, see `findCentres`, or as the clusters of an analysis
 * are. Reads in slices and fits in a thread, so that verdicts get through meanwhile. The same maps and rule give the same groups.
 *
 * @throws what the signal was aborted with
 */
export async function groupMaps(
  database: Database,
  mapIds: readonly number[],
  rule: GroupingRule,
  signal: AbortSignal,
): Promise<Grouping> {
  const known = rule.analysed === null ? mapIds : mapIds.filter((id) => isAnalysed(rule.analysed, id))
  const read = await readFeatures(database, known, signal)
  const { parts, ...facts } = await partsOf(read, rule, signal)
  const formed: FormedGroup[] = []
  for (const [index, { name, places }] of parts.entries()) {
    const shuffled = seededGenerator(rule.seed, 'group', index).shuffle(
      places.map((place) => read.mapIds[place] ?? 0),
    )
    formed.push({
      ...{ name, mapIds: shuffled },
      ...(await average(database, shuffled.slice(0, MOST_AVERAGED), signal)),
      ...meanShares(
        places.map((place) => read.features[place] ?? []),
        read.items,
      ),
    })
  }
  return { ...facts, maps: read.mapIds.length, without: mapIds.length - known.length, groups: formed }
}

function isAnalysed(analysed: AnalysedMaps | null, mapId: number): boolean {
  return analysed?.kind === 'clustering' ? analysed.clusters.has(mapId) : analysed?.places.has(mapId) === true
}

async function partsOf(
  { mapIds, features: own }: { mapIds: readonly number[]; features: number[][] },
  { groups, seed, analysed }: GroupingRule,
  signal: AbortSignal,
): Promise<{ asked: number; fitted: number; parts: Part[] }> {
  if (analysed?.kind === 'clustering') {
    const members = Map.groupBy(mapIds.keys(), (place) => analysed.clusters.get(mapIds[place] ?? 0) ?? '')
    const parts = [...members].map(([name, places]): Part => ({ name, places }))
    return { asked: parts.length, fitted: mapIds.length, parts: largestFirst(parts) }
  }
  const features = analysed === null ? own : mapIds.map((mapId) => analysed.places.get(mapId) ?? [])
  const asked = groups ?? usualGroups(mapIds.length)
  const places = Uint32Array.from(features.keys())
  const fitted = sampleOf(places, Math.min(places.length, MOST_FITTED), seed, 'groups')
  const request = { features: [...fitted].map((place) => features[place] ?? []), groups: asked, seed }
  const centres = places.length === 0 ? [] : await clusterInWorker(request, signal)
  return { asked, fitted: fitted.length, parts: await assign(features, centres, signal) }
}

async function readFeatures(
  database: Database,
  mapIds: readonly number[],
  signal: AbortSignal,
): Promise<{ mapIds: number[]; features: number[][]; items: number }> {
  const items = await countItems(database, mapIds, signal)
  const maps = await collect(database, mapIds, signal, (map) => ({
    mapId: map.mapId,
    features: featuresOf(map, items),
  }))
  return { mapIds: maps.map(({ mapId }) => mapId), features: maps.map(({ features }) => features), items }
}

/** Items of the sequence with most of them. */
async function countItems(
  database: Database,
  mapIds: readonly number[],
  signal: AbortSignal,
): Promise<number> {
  const pause = pauser()
  let items = 0
  for (let start = 0; start < mapIds.length; start += COUNTED) {
    items = Math.max(items, mostItems(database, mapIds.slice(start, start + COUNTED)))
    await pause()
    signal.throwIfAborted()
  }
  return items
}

/** Places of the rows by their nearest centre. */
async function assign(
  features: readonly number[][],
  centres: readonly (readonly number[])[],
  signal: AbortSignal,
): Promise<Part[]> {
  const pause = pauser()
  const parts = centres.map((): Part => ({ name: null, places: [] }))
  for (const [place, row] of features.entries()) {
    parts[nearestCentre(centres, row)]?.places.push(place)
    await pause()
    signal.throwIfAborted()
  }
  return largestFirst(parts.filter(({ places }) => places.length > 0))
}

/** Of equally large ones that with the first name, or place, comes first. */
function largestFirst(parts: readonly Part[]): Part[] {
  return parts.toSorted(
    (a, b) =>
      b.places.length - a.places.length ||
      inNaturalOrder(a.name ?? '', b.name ?? '') ||
      (a.places[0] ?? 0) - (b.places[0] ?? 0),
  )
}

const { compare: inNaturalOrder } = new Intl.Collator('en', { numeric: true })

async function average(
  database: Database,
  mapIds: readonly number[],
  signal: AbortSignal,
): Promise<Pick<FormedGroup, 'meanMap' | 'columns' | 'averaged'>> {
  const maps = await collect(database, mapIds, signal, ({ values, columns }) => ({ values, columns }))
  const { columns = 0, values } = maps[0] ?? {}
  const ofOneSize = maps.filter((map) => map.columns === columns && map.values.length === values?.length)
  return {
    meanMap: meanMap(ofOneSize.map((map) => map.values)),
    columns,
    averaged: ofOneSize.length,
  }
}

/** The first features are shares; see `featuresOf`. */
function meanShares(
  features: readonly (readonly number[])[],
  items: number,
): Pick<FormedGroup, 'majority' | 'odd'> {
  const mean = (place: number) => features.reduce((sum, row) => sum + (row[place] ?? 0), 0) / features.length
  const places = Array.from({ length: items }, (_, item) => item)
  return { majority: places.map(mean), odd: places.map((item) => mean(items + item)) }
}

/** What `take` makes of each map, read in slices. */
async function collect<Taken>(
  database: Database,
  mapIds: readonly number[],
  signal: AbortSignal,
  take: (map: GroupedMap) => Taken,
): Promise<Taken[]> {
  const pause = pauser()
  const taken: Taken[] = []
  for (let start = 0; start < mapIds.length; start += PAGE) {
    for (const map of listGroupedMaps(database, mapIds.slice(start, start + PAGE))) taken.push(take(map))
    await pause()
    signal.throwIfAborted()
  }
  return taken
}

import type { Database } from 'better-sqlite3'
import { isDeepStrictEqual } from 'node:util'
import { listMapAnalyses, readMapAnalysisRows, type MapAnalysis } from '../../workspace/map-analyses.ts'
import type { SetContext } from '../audited-set-context.ts'
import { createHdf5File } from './hdf5-file.ts'

/** A map of a project: its id, and the number that analyses know it by. */
export interface NumberedMap {
  mapId: number
  index: number
}

/** An analysis as the project file names it. */
export interface ListedAnalysis {
  analysis_method: string
  sources: [string]
}

/** What ViRelAy keeps of some maps under one name: numbers of clusters, or places one after the other. */
interface Values {
  kind: 'cluster' | 'embedding'
  name: string
  values: Int32Array | Float32Array
  shape: number[]
}

interface Category {
  maps: readonly NumberedMap[]
  arrays: Values[]
}

/** All that one file holds, by category. */
interface AnalysisFile {
  runId: number
  method: string
  categories: Map<string, Category>
}

/** An analysis of the workspace, as far as it speaks of the maps of a project, with its values by category. */
interface Found {
  analysis: MapAnalysis
  categories: Map<string, { maps: NumberedMap[]; values: Values['values']; shape: number[] }>
}

/** The category of what was analysed together. */
const ALL = 'all'
/** What stands between the parts of a name; an import puts them together from method, array and category. */
const BETWEEN = ' · '
/** Maps whose rows are read at once. */
const PAGE = 2000
/** A cluster as an import names it: by number, after its category where there are several. */
const CLUSTER = /^(?:(.+) · )?(-1|0|[1-9]\d{0,4})$/s
const LARGEST_CLUSTER = 65_535

/**
 * Writes the clusterings and embeddings that the workspace has of the maps of a project, in files beside it, so that an import of
 * the project finds each under the name that it has here.
 *
 * @param taken names of analyses that the project has anyway
 */
export async function writeStoredAnalyses(
  context: SetContext,
  folder: string,
  maps: readonly NumberedMap[],
  taken: readonly string[],
): Promise<ListedAnalysis[]> {
  const listed: ListedAnalysis[] = []
  for (const { method, categories } of filesOf(foundIn(context.database, maps), taken)) {
    context.checkCancelled()
    const source = `analysis-${listed.length + 2}.h5`
    const hdf5 = await createHdf5File(await context.folder.place(`${folder}/${source}`))
    try {
      for (const [category, { maps: members, arrays }] of categories) {
        for (const group of [category, `${category}/cluster`, `${category}/embedding`]) hdf5.group(group)
        const numbers = Int32Array.from(members, ({ index }) => index)
        hdf5.array(`${category}/index`, numbers, [members.length])
        for (const { kind, name, values, shape } of arrays)
          hdf5.array(`${category}/${kind}/${name}`, values, shape)
      }
    } finally {
      hdf5.close()
    }
    listed.push({ analysis_method: method, sources: [source] })
  }
  return listed
}

function foundIn(database: Database, maps: readonly NumberedMap[]): Found[] {
  return listMapAnalyses(database).flatMap((analysis) => {
    const clusters = new Map<number, string>()
    const places = new Map<number, Float32Array>()
    for (let start = 0; start < maps.length; start += PAGE) {
      const ids = maps.slice(start, start + PAGE).map(({ mapId }) => mapId)
      for (const row of readMapAnalysisRows(database, analysis.id, ids)) {
        if ('place' in row) places.set(row.mapId, row.place)
        else clusters.set(row.mapId, row.cluster)
      }
    }
    if (clusters.size + places.size === 0) return []
    const { kind, dimensions } = analysis
    if (kind === 'clustering') return [{ analysis, categories: clusteredIn(maps, clusters) }]
    const members = maps.filter(({ mapId }) => places.has(mapId))
    const values = new Float32Array(members.length * dimensions)
    for (const [row, { mapId }] of members.entries()) values.set(places.get(mapId) ?? [], row * dimensions)
    const shape = [members.length, dimensions]
    return [{ analysis, categories: new Map([[ALL, { maps: members, values, shape }]]) }]
  })
}

function clusteredIn(
  maps: readonly NumberedMap[],
  clusters: ReadonlyMap<number, string>,
): Found['categories'] {
  const numbered = numbersOf(new Set(clusters.values()))
  const members = maps.flatMap((map) => {
    const known = numbered.get(clusters.get(map.mapId) ?? '')
    return known === undefined ? [] : [{ map, ...known }]
  })
  const categories = Map.groupBy(members, ({ category }) => category)
  return new Map(
    [...categories].map(([category, own]) => [
      category,
      {
        maps: own.map(({ map }) => map),
        values: Int32Array.from(own, ({ number }) => number),
        shape: [own.length],
      },
    ]),
  )
}

/** Of each cluster its category and number; where a name is no number, all of them are numbered in their order. */
function numbersOf(names: ReadonlySet<string>): Map<string, { category: string; number: number }> {
  const read = [...names].map((name) => {
    const [, category = ALL, digits] = CLUSTER.exec(name) ?? []
    return { name, category: asPart(category), number: Number(digits) }
  })
  const areNumbers = read.every(({ number }) => number <= LARGEST_CLUSTER)
  const inOrder = [...names].sort(new Intl.Collator('en', { numeric: true }).compare)
  return new Map(
    read.map(({ name, category, number }) => [
      name,
      areNumbers ? { category, number } : { category: ALL, number: inOrder.indexOf(name) },
    ]),
  )
}

/** Analyses of one method, run and maps share a file, as ViRelAy shows a clustering over an embedding of the same category. */
function filesOf(found: readonly Found[], taken: readonly string[]): AnalysisFile[] {
  const files: AnalysisFile[] = []
  const several = (one: Found) => Number(one.categories.size > 1)
  for (const one of found.toSorted((a, b) => several(b) - several(a)))
    if (!joins(one, files)) files.push(newFile(one, [...taken, ...files.map(({ method }) => method)]))
  return files
}

/** Adds it to a file from which an import gives it the same name, where there is one. */
function joins({ analysis, categories }: Found, files: readonly AnalysisFile[]): boolean {
  const kind = analysis.kind === 'clustering' ? 'cluster' : 'embedding'
  for (const { method, own } of splitsOf(analysis.name)) {
    const file = files.find((each) => each.method === method && each.runId === analysis.runId)
    if (file === undefined) continue
    const { name, into } = placesIn(file, own, categories)
    const isFree = [...into.keys()].every((category) =>
      file.categories.get(category)?.arrays.every((array) => array.kind !== kind || array.name !== name),
    )
    if (into.size === 0 || !isFree) continue
    for (const [category, { values, shape }] of into)
      file.categories.get(category)?.arrays.push({ kind, name, values, shape })
    return true
  }
  return false
}

/** Under which name, and into which categories of a file; into none where it speaks of other maps. */
function placesIn(
  file: AnalysisFile,
  own: string,
  categories: Found['categories'],
): { name: string; into: Found['categories'] } {
  const isSame = [...file.categories].every(([name, { maps }]) =>
    isDeepStrictEqual(maps, categories.get(name)?.maps),
  )
  if (isSame && file.categories.size === categories.size) return { name: own, into: categories }
  const [only] = categories.size === 1 ? [...categories.values()] : []
  for (const [category, { maps }] of file.categories) {
    const end = `${BETWEEN}${category}`
    if (file.categories.size > 1 && own.endsWith(end) && only && isDeepStrictEqual(maps, only.maps))
      return { name: own.slice(0, -end.length), into: new Map([[category, only]]) }
  }
  return { name: own, into: new Map() }
}

function newFile({ analysis, categories }: Found, taken: readonly string[]): AnalysisFile {
  const kind = analysis.kind === 'clustering' ? 'cluster' : 'embedding'
  const splits = splitsOf(analysis.name)
  const [first] = splits
  const { method, own } = splits.find((split) => !taken.includes(split.method)) ?? {
    ...{ method: `${first.method} (run ${analysis.runId}, ${analysis.id})`, own: first.own },
  }
  return {
    ...{ runId: analysis.runId, method },
    categories: new Map(
      [...categories].map(([category, { maps, values, shape }]) => [
        category,
        { maps, arrays: [{ kind, name: own, values, shape }] },
      ]),
    ),
  }
}

type Split = { method: string; own: string }

/** The ways to take a name apart into that of a method and that of an array, the longest method first. */
function splitsOf(name: string): [Split, ...Split[]] {
  const parts = name.split(BETWEEN).map(asPart)
  const [last = name] = parts.slice(-1)
  const split = (at: number): Split => ({
    method: parts.slice(0, at).join(BETWEEN),
    own: parts.slice(at).join(BETWEEN),
  })
  if (parts.length === 1) return [{ method: 'Analysis', own: last }]
  return [
    split(parts.length - 1),
    ...Array.from({ length: parts.length - 2 }, (_, index) => split(parts.length - 2 - index)),
  ]
}

/** As a name in a path of an HDF5 file. */
function asPart(text: string): string {
  return text.replaceAll('/', '-')
}

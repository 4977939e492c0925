import { plural } from '../../../shared/units.ts'
import type { NewMapAnalysis } from '../../workspace/map-analyses.ts'
import { badFile } from '../bad-input.ts'
import type { Hdf5Array, Hdf5Arrays } from './hdf5-arrays.ts'
import type { ImportedAnalysisRow } from './imported-maps.ts'
import type { VirelayMethod, VirelaySet } from './virelay-set.ts'
import { collectedRows, nameOf } from './virelay-values.ts'

/** A clustering or an embedding of the maps of one project. */
export interface VirelayAnalysis extends NewMapAnalysis {
  /** Whose maps: index of the method. */
  method: number
  /** A clustering has one for each category; no input is in two of them. */
  parts: AnalysisPart[]
}

interface AnalysisPart {
  /** What stands before the number of a cluster; '' where there is one category alone. */
  prefix: string
  /** By the row of the input, the row of the values; the same for all of a category. */
  rows: ReadonlyMap<number, number>
  values: Hdf5Array
}

/** Maps that were analysed together, for example those of one class. */
interface Category {
  name: string
  rows: ReadonlyMap<number, number>
  clusterings: ReadonlyMap<string, Hdf5Array>
  embeddings: ReadonlyMap<string, Hdf5Array>
}

const MOST_DIMENSIONS = 1024
const MOST_ANALYSES = 20_000
const LONGEST_NAME = 200
/** Numbers of clusters; by custom the least stands for what is in none. */
const CLUSTERS = { least: -1, most: 65_535 }

type AnalysedSet = Pick<VirelaySet, 'inputs' | 'methods' | 'categoryNames'>

/**
 * Opens the analyses of all projects and checks that they speak of maps that are there. A clustering of several categories is one,
 * with clusters of each; the axes of embeddings mean something else in every category, so that these stay apart.
 *
 * @throws HeatproofError `bad_file`, with the file and the array
 */
export async function openVirelayAnalyses(
  set: AnalysedSet,
  opened: (file: string) => Promise<Hdf5Arrays>,
): Promise<VirelayAnalysis[]> {
  const found: VirelayAnalysis[] = []
  for (const [index, method] of set.methods.entries()) {
    const own = set.methods.length > 1 ? [method.project.method] : []
    for (const [name, listed] of Map.groupBy(method.project.analyses, (analysis) => analysis.method)) {
      const categories: Category[] = []
      for (const file of listed.flatMap(({ sources }) => sources)) {
        const arrays = await opened(file)
        for (const category of arrays.names('') ?? []) {
          if (categories.some((known) => known.name === category)) throw twice(file, category)
          categories.push(readCategory(arrays, category, set, method))
        }
      }
      found.push(...analysesOf(categories, [...own, name], index, set.categoryNames))
    }
  }
  const [longest] = found.map(({ name }) => name).sort((a, b) => b.length - a.length)
  if (found.length > MOST_ANALYSES || (longest?.length ?? 0) > LONGEST_NAME) {
    throw badFile({
      source: set.methods[0]?.project.file ?? '',
      found: `${plural(found.length, 'analysis', 'analyses')}, one of them called '${longest ?? ''}'`,
      expected: `up to ${MOST_ANALYSES}, of names up to ${LONGEST_NAME} letters`,
    })
  }
  return found
}

function readCategory(
  arrays: Hdf5Arrays,
  name: string,
  { inputs }: AnalysedSet,
  { numbers }: VirelayMethod,
): Category {
  const index = arrays.array(`${name}/index`)
  requireShape(index, index.keys === undefined && isColumn(index), '[maps], the number of each map')
  const rows = new Map<number, number>()
  index.read(0, index.count).forEach((number, row) => {
    const input = numbers.get(number)
    if (input === undefined || rows.has(input)) {
      throw badFile({
        ...{ source: index.source, found: `the number ${number}${input === undefined ? '' : ' twice'}` },
        expected: 'numbers of maps of the project, each once',
        advice: `The project has maps of ${numbers.size} of ${inputs.count} inputs. Analyse it again.`,
      })
    }
    rows.set(input, row)
  })
  const all = (kind: 'cluster' | 'embedding', isRight: (row: readonly number[]) => boolean, shape: string) =>
    new Map(
      (arrays.names(`${name}/${kind}`) ?? []).map((own) => {
        const values = arrays.array(`${name}/${kind}/${own}`)
        const fits = values.keys === undefined && values.count === index.count && isRight(values.row)
        requireShape(values, fits, `[${index.count}${shape} as in ${index.source}`)
        return [own, values]
      }),
    )
  return {
    ...{ name, rows },
    clusterings: all('cluster', (row) => row.every((size) => size === 1), '], a cluster for each map,'),
    embeddings: all(
      'embedding',
      ([size = 0, ...more]) => more.length === 0 && size > 0 && size <= MOST_DIMENSIONS,
      `, 1 to ${MOST_DIMENSIONS} dimensions], a place for each map,`,
    ),
  }
}

function analysesOf(
  categories: readonly Category[],
  names: readonly string[],
  method: number,
  categoryNames: ReadonlyMap<string, string>,
): VirelayAnalysis[] {
  const labelOf = ({ name }: Category) => categoryNames.get(name) ?? name
  const isAlone = categories.length === 1
  const together = isAlone || areDisjoint(categories)
  const nameOfOne = (own: string, category: Category | null) =>
    [...names, own, ...(category === null || isAlone ? [] : [labelOf(category)])].join(' · ')
  const clusterings = namesIn(categories, 'clusterings').flatMap((own) => {
    const parts = categories.flatMap((category) => {
      const values = category.clusterings.get(own)
      if (values === undefined) return []
      const prefix = together && !isAlone ? `${labelOf(category)} · ` : ''
      return [{ category, part: { prefix, rows: category.rows, values } }]
    })
    const one = (category: Category | null, members: AnalysisPart[]): VirelayAnalysis => ({
      ...{ kind: 'clustering', name: nameOfOne(own, category), dimensions: 1, method, parts: members },
    })
    if (together)
      return [
        one(
          null,
          parts.map(({ part }) => part),
        ),
      ]
    return parts.map(({ category, part }) => one(category, [part]))
  })
  const embeddings = namesIn(categories, 'embeddings').flatMap((own) =>
    categories.flatMap((category): VirelayAnalysis[] => {
      const values = category.embeddings.get(own)
      if (values === undefined) return []
      const parts = [{ prefix: '', rows: category.rows, values }]
      const [dimensions = 1] = values.row
      return [{ kind: 'embedding', name: nameOfOne(own, category), dimensions, method, parts }]
    }),
  )
  return [...clusterings, ...embeddings]
}

function namesIn(categories: readonly Category[], kind: 'clusterings' | 'embeddings'): string[] {
  return [...new Set(categories.flatMap((category) => [...category[kind].keys()]))]
}

/** Whether no input is in two categories. */
function areDisjoint(categories: readonly Category[]): boolean {
  const inputs = new Set<number>()
  let count = 0
  for (const { rows } of categories) {
    for (const input of rows.keys()) inputs.add(input)
    count += rows.size
  }
  return inputs.size === count
}

/**
 * What the analyses say of some samples.
 *
 * @throws HeatproofError `bad_values`, `bad_file`, with the array and the sample
 */
export function analysisRows(set: VirelaySet, first: number, count: number): ImportedAnalysisRow[] {
  const members = [...set.members.slice(first, first + count).entries()]
  const known = new Map<AnalysisPart['rows'], { sample: number; row: number }[]>()
  const analysedIn = (rows: AnalysisPart['rows']) => {
    const analysed =
      known.get(rows) ??
      members.flatMap(([sample, member]) => {
        const row = rows.get(member)
        return row === undefined ? [] : [{ sample, row }]
      })
    known.set(rows, analysed)
    return analysed
  }
  return set.analyses.flatMap(({ kind, dimensions, method, parts }, analysis) =>
    parts.flatMap(({ rows, values, prefix }) => {
      const own = analysedIn(rows)
      const read = collectedRows(
        values,
        own.map(({ row }) => row),
        (index) => nameOf(set, first + (own[index]?.sample ?? 0)),
      )
      return own.map(({ sample }, index): ImportedAnalysisRow => {
        const place = read.slice(index * dimensions, (index + 1) * dimensions)
        const at = { analysis, method, sample }
        if (kind === 'embedding') return { ...at, place }
        return {
          ...at,
          cluster: prefix + String(clusterOf(place, values.source, nameOf(set, first + sample))),
        }
      })
    }),
  )
}

function clusterOf([number = Number.NaN]: Float32Array, source: string, sample: string): number {
  if (Number.isInteger(number) && number >= CLUSTERS.least && number <= CLUSTERS.most) return number
  throw badFile({
    ...{ source, found: `the cluster ${number} of ${sample}` },
    expected: `whole numbers from 0 to ${CLUSTERS.most}, or ${CLUSTERS.least} for what is in no cluster`,
  })
}

function isColumn({ row }: Hdf5Array): boolean {
  return row.every((size) => size === 1)
}

function requireShape({ source, count, row }: Hdf5Array, isRight: boolean, expected: string): void {
  if (isRight) return
  throw badFile({ source, found: `the shape [${[count, ...row].join(', ')}]`, expected })
}

function twice(source: string, category: string): Error {
  return badFile({
    ...{ source, found: `a second analysis of '${category}'` },
    expected: 'each category once in the sources of an analysis',
    advice: 'Leave one of them out of the project file.',
  })
}

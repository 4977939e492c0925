import type { Grouping, GroupingRequest, GroupingSource, MapGroup } from '../../../shared/contract/groups.ts'
import { formatCount, plural } from '../../../shared/units.ts'
import { idParameter, type Route } from '../../lib/routing.ts'

/** Numbers of groups that the screen offers; null: as many as suit the maps. */
export const GROUP_COUNTS = [null, 4, 6, 8, 12, 16, 24, 32, 48] as const

/** So many maps of a group are shown at first, and have to be looked at before a verdict on it. */
export const LOOKS = 12

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

/**
 * What the address says of the groups of a queue. An analysis that has no maps of the queue is none.
 *
 * @param sources null as long as they are not known
 * @returns null as long as they have to be
 */
export function groupingOf(
  route: Route,
  queueId: number,
  sources: readonly GroupingSource[] | null,
): GroupingRequest | null {
  const { parameters } = route
  const wanted = wholeNumber(parameters['groups'])
  const by = idParameter(route, 'by')
  if (by !== null && sources === null) return null
  return {
    queueId,
    groups: GROUP_COUNTS.find((count) => count === wanted) ?? null,
    seed: wholeNumber(parameters['seed']) ?? 0,
    analysisId: sources?.find(({ id }) => id === by)?.id ?? null,
  }
}

/**
 * What groups can be formed by, with the choice of the features of our own first. Where all are of one analysis, its name is
 * left out: it would push what tells them apart out of sight.
 */
export function sourceOptions(sources: readonly GroupingSource[]): { value: string; label: string }[] {
  const titles = { clustering: 'Clusters', embedding: 'Embedding' }
  return [
    { value: '', label: 'Where relevance lies' },
    ...shortNames(sources).map(({ id, kind, name }) => ({
      value: String(id),
      label: `${titles[kind]}: ${name}`,
    })),
  ]
}

/** The sources under names without the analysis, where two or more are all of one. */
export function shortNames(sources: readonly GroupingSource[]): readonly GroupingSource[] {
  const parts = sources.map(partsOf)
  const isOfOne = parts.every(([analysis, ...rest]) => rest.length > 0 && analysis === parts[0]?.[0])
  if (sources.length < 2 || !isOfOne) return sources
  return sources.map((source) => ({ ...source, name: partsOf(source).slice(1).join(' · ') }))
}

/**
 * The embedding that groups are drawn in: the one that formed them, and of a clustering the one that the address names, or the
 * one that suits it best. Null where no embedding has two dimensions, and for features of our own.
 */
export function embeddingOf(
  route: Route,
  source: GroupingSource | undefined,
  sources: readonly GroupingSource[],
): GroupingSource | null {
  if (source === undefined) return null
  const drawable = drawableOf(sources)
  if (source.kind === 'embedding') return drawable.find(({ id }) => id === source.id) ?? null
  const wanted = idParameter(route, 'in')
  const [best] = drawable.toSorted((a, b) => suits(b, source) - suits(a, source))
  return drawable.find(({ id }) => id === wanted) ?? best ?? null
}

/** How well an embedding suits a clustering: of the same analysis, then of the same category, then meant to be drawn. */
function suits(embedding: GroupingSource, clustering: GroupingSource): number {
  const [analysis, , category] = partsOf(embedding)
  const [ownAnalysis, , ownCategory] = partsOf(clustering)
  const ranks = [analysis === ownAnalysis, category === ownCategory, embedding.dimensions === 2]
  return ranks.reduce((sum, holds) => 2 * sum + Number(holds), 0)
}

/** Analysis, method and category of an analysis of ViRelAy, as far as its name has them. */
function partsOf({ name }: GroupingSource): string[] {
  return name.split(' · ')
}

/** Embeddings of two dimensions or more. */
export function drawableOf(sources: readonly GroupingSource[]): GroupingSource[] {
  return sources.filter(({ kind, dimensions }) => kind === 'embedding' && dimensions > 1)
}

/** What a group is called: the cluster that it is, or its place among the groups. */
export function groupTitle({ name }: Pick<MapGroup, 'name'>, index: number): string {
  return name === null ? `Group ${formatCount(index + 1)}` : `Cluster ${name}`
}

/** How the groups came about, in words. */
export function groupingFacts(
  { maps, groups }: Pick<Grouping, 'maps' | 'groups'>,
  seed: number,
  source: GroupingSource | undefined,
): string {
  const many = plural(maps, 'map')
  if (source?.kind === 'clustering') return `${many} in ${plural(groups.length, 'cluster')} of ${source.name}`
  const where =
    source === undefined ? 'of similar ones' : `of near ones in ${source.name}, ${source.dimensions}-D`
  return `${many} in ${plural(groups.length, 'group')} ${where}, seed ${seed}`
}

/** Index of the group that the address opens, null where it opens none. */
export function openedGroup({ parameters }: Route): number | null {
  return wholeNumber(parameters['group'])
}

/** The ids with one more. */
export function including(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return new Set([...ids, id])
}

/** The ids with one more, or without it where it was there. */
export function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : including(ids, id)
}

/** The mean map of a group, rows x columns. */
export function meanMapOf({ meanMap }: Pick<MapGroup, 'meanMap'>): Float32Array {
  const bytes = Uint8Array.from(atob(meanMap), (character) => character.charCodeAt(0))
  return new Float32Array(bytes.buffer)
}

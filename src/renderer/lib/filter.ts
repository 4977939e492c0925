import type { MapFilter } from '../../shared/contract/common.ts'
import type { Facets } from '../../shared/contract/review.ts'
import type { Target } from '../../shared/contract/runs.ts'
import type { MetricName } from '../../shared/names.ts'
import { MapFilter as MapFilterSchema } from '../../shared/contract/common.ts'

/** The facets of the filter in the order of the panel. */
export const FACETS = [
  ['dataset', 'Data set'],
  ['architecture', 'Architecture'],
  ['model', 'Model'],
  ['method', 'Method'],
  ['fold', 'Fold'],
  ['label', 'Class'],
  ['correct', 'Prediction'],
  ['explained', 'Explains'],
  ['target', 'Explained class'],
  ['mapState', 'State of the map'],
  ['verdict', 'Verdict'],
  ['mode', 'Failure mode'],
  ['reviewer', 'Reviewer'],
] as const
export type Facet = (typeof FACETS)[number][0]

const NUMERIC: ReadonlySet<Facet> = new Set(['model', 'fold', 'label', 'target'])

/** Maps that metrics by item mean something for: those of the label or the prediction. */
export const MAJORITY = { explained: ['label', 'predicted'] } satisfies MapFilter

/** Lets through what a run with this target consists of. */
export function filterOfTarget(target: Target): MapFilter {
  if (typeof target === 'number') return { target: [target] }
  return target === 'label' ? { explained: ['label'] } : MAJORITY
}

/** The facets to show, with their counts. What maps explain is worth a facet only where it is not the label of all. */
export function shownFacets(
  facets: Facets['facets'],
  filter: MapFilter,
): { facet: Facet; title: string; counts: Facets['facets'][string] }[] {
  const labelsOnly = facets['explained']?.every(({ value }) => value === 'label') ?? true
  return FACETS.flatMap(([facet, title]) => {
    const counts = facets[facet] ?? []
    const idle = labelsOnly && (facet === 'explained' || facet === 'target') && filter[facet] === undefined
    return counts.length === 0 || idle ? [] : [{ facet, title, counts }]
  })
}

/** The chosen values of a facet, as text. */
export function chosenValues(filter: MapFilter, facet: Facet): string[] {
  const value = filter[facet]
  if (value === undefined) return []
  return Array.isArray(value) ? value.map(String) : [String(value)]
}

/** A filter without a facet, or with other values of it. */
export function withFacet(filter: MapFilter, facet: Facet, values: readonly string[]): MapFilter {
  const rest = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== facet))
  if (values.length === 0) return MapFilterSchema.parse(rest)
  const typed =
    facet === 'correct' ? values[0] === 'true' : NUMERIC.has(facet) ? values.map(Number) : [...values]
  return MapFilterSchema.parse({ ...rest, [facet]: typed })
}

/** Adds a value to a facet or takes it away; of `correct` only one can be chosen. */
export function toggleValue(filter: MapFilter, facet: Facet, value: string): MapFilter {
  const chosen = chosenValues(filter, facet)
  if (chosen.includes(value)) {
    return withFacet(
      filter,
      facet,
      chosen.filter((other) => other !== value),
    )
  }
  return withFacet(filter, facet, facet === 'correct' ? [value] : [...chosen, value])
}

export function rangeOf(filter: MapFilter, metric: MetricName): { low: number; high: number } | null {
  return filter.ranges?.find((range) => range.metric === metric) ?? null
}

/** Limits a metric to a range; null lifts the limit. */
export function withRange(
  filter: MapFilter,
  metric: MetricName,
  range: { low: number; high: number } | null,
): MapFilter {
  const others = (filter.ranges ?? []).filter((other) => other.metric !== metric)
  const ranges = range === null ? others : [...others, { metric, low: range.low, high: range.high }]
  const rest = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== 'ranges'))
  return MapFilterSchema.parse(ranges.length > 0 ? { ...rest, ranges } : rest)
}

/** Searches for other words; none lift the search. */
export function withSearch(filter: MapFilter, words: string): MapFilter {
  const rest = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== 'search'))
  return MapFilterSchema.parse(words.trim() === '' ? rest : { ...rest, search: words })
}

/** How many facets and ranges restrict. */
export function restrictions(filter: MapFilter): number {
  return Object.keys(filter).length - 1 + (filter.ranges?.length ?? 1)
}

import type { MapFilter } from '../../shared/contract/common.ts'
import type { Facets } from '../../shared/contract/review.ts'
import { FAILURE_MODES, METRICS, VERDICTS, type MetricName } from '../../shared/names.ts'
import { isPartOfOne } from '../metrics/score.ts'
import { FACT_NAMES, passingRows, refusersOf, restrictionsOf, type RestrictionName } from './filter.ts'
import type { MapColumns } from './map-columns.ts'
import { modeBits, verdictCode } from './reviewer-columns.ts'
import { ANY_VERDICT, matchesUnreviewed, verdictTest, wantedVerdicts } from './verdict-filter.ts'

/** What people read for a value of a facet. */
export type FacetLabel = (facet: string, value: string) => string

export const HISTOGRAM_BINS = 20

/* Loops over all maps count up an index: `for … of` takes ten times as long on typed arrays. */

/**
 * Counts of every facet and a histogram of every metric, each over the maps that the rest of the filter lets through.
 * Facets list all values that the workspace has, with 0 where nothing matches.
 */
export function facetsOf(columns: MapColumns, filter: MapFilter, labelOf: FacetLabel): Facets {
  const restrictions = restrictionsOf(columns, filter)
  const refusers = refusersOf(columns.count, restrictions)
  const matching = passingRows(refusers)
  /** The rows that everything but the named restriction lets through. */
  const beside = (name: RestrictionName): Uint32Array => {
    const own = restrictions.findIndex((restriction) => restriction.name === name)
    return own === -1 ? matching : passingRows(refusers, own)
  }
  const labelled = (facet: string, counts: Iterable<readonly [string, number]>) =>
    [...counts].map(([value, count]) => ({ value, label: labelOf(facet, value), count }))

  const facets: Facets['facets'] = {}
  for (const name of FACT_NAMES) facets[name] = labelled(name, factCounts(columns, name, beside(name)))
  for (const [name, counts] of verdictCounts(columns, filter, beside('verdict'))) {
    facets[name] = labelled(name, counts)
  }
  return {
    total: matching.length,
    facets,
    histograms: Object.fromEntries(
      METRICS.map((metric) => [metric, histogram(columns, metric, beside(metric))]),
    ),
  }
}

function factCounts(
  columns: MapColumns,
  name: (typeof FACT_NAMES)[number],
  rows: Uint32Array,
): [string, number][] {
  const { codes, values } = columns.facts[name]
  const counts = new Uint32Array(values.length)
  for (let index = 0; index < rows.length; index += 1) {
    const code = codes[rows[index] ?? 0] ?? 0
    counts[code] = (counts[code] ?? 0) + 1
  }
  return values
    .map((value, code) => [value, counts[code] ?? 0] as const)
    .sort(([a], [b]) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
    )
    .map(([value, count]) => [String(value), count])
}

/** The verdict facets: each value is counted as if it were the only one chosen, beside the choices of the other two. */
function verdictCounts(
  columns: MapColumns,
  filter: MapFilter,
  passing: Uint32Array,
): [string, [string, number][]][] {
  const { reviewed, unreviewed } = splitByReview(columns, passing)
  const nothing = { reviewers: [...columns.reviewers.keys()], verdicts: ANY_VERDICT, modes: 0 }
  const { reviewer, verdict, mode } = filter
  const besideVerdict = wantedVerdicts(columns, withDefined({ reviewer, mode })) ?? nothing
  const besideMode = wantedVerdicts(columns, withDefined({ reviewer, verdict })) ?? nothing
  const besideReviewer = wantedVerdicts(columns, withDefined({ verdict, mode })) ?? nothing
  const count = (wanted: typeof nothing) => {
    const matches = verdictTest(columns, wanted)
    let found = matchesUnreviewed(wanted) ? unreviewed : 0
    for (let index = 0; index < reviewed.length; index += 1) if (matches(reviewed[index] ?? 0)) found += 1
    return found
  }
  return [
    [
      'verdict',
      [
        ...VERDICTS.map((name): [string, number] => [
          name,
          count({ ...besideVerdict, verdicts: 1 << verdictCode(name) }),
        ]),
        ['none', count({ ...besideVerdict, verdicts: 1 })],
      ],
    ],
    ['mode', FAILURE_MODES.map((name) => [name, count({ ...besideMode, modes: modeBits([name]) })])],
    [
      'reviewer',
      columns.reviewers.map((column, index) => [
        column.reviewer,
        count({ ...besideReviewer, reviewers: [index] }),
      ]),
    ],
  ]
}

/** The passing rows that have a verdict, and how many have none: those need not be looked at one by one. */
function splitByReview(
  columns: MapColumns,
  passing: Uint32Array,
): { reviewed: Uint32Array; unreviewed: number } {
  const isReviewed = new Uint8Array(columns.count)
  for (const { verdicts } of columns.reviewers) {
    for (let row = 0; row < columns.count; row += 1) if (verdicts[row] !== 0) isReviewed[row] = 1
  }
  const reviewed = passing.filter((row) => isReviewed[row] === 1)
  return { reviewed, unreviewed: passing.length - reviewed.length }
}

/** The parts of a filter that are there. */
function withDefined(parts: {
  reviewer?: MapFilter['reviewer'] | undefined
  verdict?: MapFilter['verdict'] | undefined
  mode?: MapFilter['mode'] | undefined
}): MapFilter {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))
}

/**
 * Bins between 0 and 1, or as far as values reach, at most from -1 to 2: signed maps with a total near 0 have values in the
 * thousands. What lies beyond is counted in the first and the last bin. Entropy has no such bound.
 */
function histogram(columns: MapColumns, metric: MetricName, rows: Uint32Array) {
  const values = columns.values[metric]
  const { low, high } = boundsOf(values, isPartOfOne(metric) ? 2 : Infinity)
  const counts = new Uint32Array(HISTOGRAM_BINS)
  const scale = HISTOGRAM_BINS / (high - low)
  for (let index = 0; index < rows.length; index += 1) {
    const value = values[rows[index] ?? 0] ?? NaN
    if (Number.isNaN(value)) continue
    const bin = Math.min(Math.max(Math.floor((value - low) * scale), 0), HISTOGRAM_BINS - 1)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { low, high, counts: [...counts] }
}

function boundsOf(values: Float64Array, highest: number): { low: number; high: number } {
  let low = 0
  let high = 1
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? NaN
    if (value < low) low = Math.max(value, -1)
    if (value > high) high = Math.min(value, highest)
  }
  return { low, high }
}

import { HeatproofError } from '../../shared/errors.ts'

/** Ratings of one heatmap, one entry a reviewer, in the same order for all; null: not rated by that reviewer. */
export type Ratings<Category extends string> = readonly (Category | null)[]

/** Above chance over the most that is possible above chance; null when chance alone agrees fully. */
function beyondChance(observed: number, expected: number): number | null {
  return expected === 1 ? null : (observed - expected) / (1 - expected)
}

function countsOf<Category extends string>(ratings: Iterable<Category | null>): Map<Category, number> {
  const counts = new Map<Category, number>()
  for (const rating of ratings) {
    if (rating !== null) counts.set(rating, (counts.get(rating) ?? 0) + 1)
  }
  return counts
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

/** Share of the ordered pairs of one heatmap's ratings that agree. */
function agreeingPairs(counts: ReadonlyMap<unknown, number>): number {
  const raters = sum(counts.values())
  return sum([...counts.values()].map((count) => count * (count - 1))) / (raters * (raters - 1))
}

/**
 * Cohen's kappa of two reviewers (Cohen 1960). Heatmaps that either left out are dropped.
 *
 * @returns a value of at most 1; null for no common heatmap, or when both always gave one and the same verdict
 */
export function cohenKappa<Category extends string>(
  first: Ratings<Category>,
  second: Ratings<Category>,
): number | null {
  const pairs = first.flatMap((a, at) => {
    const b = second[at] ?? null
    return a === null || b === null ? [] : [{ a, b }]
  })
  if (pairs.length === 0) return null
  const observed = pairs.filter(({ a, b }) => a === b).length / pairs.length
  const seconds = countsOf(pairs.map(({ b }) => b))
  const firsts = countsOf(pairs.map(({ a }) => a))
  const marginals = [...firsts].map(([category, count]) => count * (seconds.get(category) ?? 0))
  return beyondChance(observed, sum(marginals) / pairs.length ** 2)
}

/**
 * Fleiss' kappa (Fleiss 1971) of complete ratings: each heatmap rated by the same number of reviewers, two or more.
 *
 * @returns null for no heatmap, or when only one verdict was ever given
 * @throws HeatproofError `bad_argument` when a rating is missing
 */
export function fleissKappa<Category extends string>(heatmaps: readonly Ratings<Category>[]): number | null {
  const raters = heatmaps[0]?.length ?? 0
  if (heatmaps.some((ratings) => ratings.length !== raters || ratings.includes(null))) {
    throw new HeatproofError('bad_argument', {
      found: 'heatmaps that not all reviewers have decided on',
      expected: 'complete ratings for the kappa of Fleiss',
      advice: "Use Krippendorff's alpha, which allows for gaps.",
    })
  }
  if (heatmaps.length === 0 || raters < 2) return null
  const observed = sum(heatmaps.map((ratings) => agreeingPairs(countsOf(ratings)))) / heatmaps.length
  const total = heatmaps.length * raters
  const expected = sum([...countsOf(heatmaps.flat()).values()].map((count) => (count / total) ** 2))
  return beyondChance(observed, expected)
}

/**
 * Krippendorff's alpha for nominal data (Krippendorff 2004), any number of reviewers, gaps allowed. Heatmaps with fewer
 * than two ratings drop out.
 *
 * @returns null for nothing to pair, or when only one verdict was ever given
 */
export function krippendorffAlpha<Category extends string>(
  heatmaps: readonly Ratings<Category>[],
): number | null {
  const units = heatmaps.map(countsOf).filter((counts) => sum(counts.values()) >= 2)
  const pairable = sum(units.map((counts) => sum(counts.values())))
  if (pairable === 0) return null
  const observed = sum(units.map((counts) => sum(counts.values()) * agreeingPairs(counts))) / pairable
  const totals = new Map<Category, number>()
  for (const counts of units) {
    for (const [category, count] of counts) totals.set(category, (totals.get(category) ?? 0) + count)
  }
  const expected = sum([...totals.values()].map((count) => count * (count - 1))) / (pairable * (pairable - 1))
  return beyondChance(observed, expected)
}

/**
 * Gwet's AC1 (Gwet 2008), gaps allowed: agreement over heatmaps with two or more ratings, prevalence over all rated ones.
 *
 * @param categories all verdicts that could be given, whether they were or not; two or more
 * @returns null when no heatmap has two ratings
 */
export function gwetAc1<Category extends string>(
  heatmaps: readonly Ratings<Category>[],
  categories: readonly Category[],
): number | null {
  const rated = heatmaps.map(countsOf).filter((counts) => counts.size > 0)
  const paired = rated.filter((counts) => sum(counts.values()) >= 2)
  if (paired.length === 0) return null
  const observed = sum(paired.map(agreeingPairs)) / paired.length
  const prevalences = categories.map(
    (category) =>
      sum(rated.map((counts) => (counts.get(category) ?? 0) / sum(counts.values()))) / rated.length,
  )
  const expected =
    sum(prevalences.map((prevalence) => prevalence * (1 - prevalence))) / (categories.length - 1)
  return beyondChance(observed, expected)
}

/** Ratings of one heatmap, one entry a rater, in the same order for all; null: not rated by that rater. */
export type Ratings<Category extends string> = readonly (Category | null)[]

/**
 * What one heatmap adds to every measure of agreement. Tallies are summed over heatmaps, and a measure is a function of the
 * sums: a resample is a sum of tallies times how often they were drawn.
 */
export type Tally = Float64Array

/** Places in a tally; five lists of one entry a category follow, then the table of the first two raters. */
const RATED = 0
const PAIRED = 1
const AGREEING = 2
const RATINGS = 3
const WEIGHED_AGREEING = 4
const COMPLETE = 5
const COMPLETE_AGREEING = 6
const COMPLETE_RATINGS = 7
const LISTS = 8
/** Share of the ratings, ratings where there are two or more, agreeing ordered pairs, all ordered pairs, complete ratings. */
const [SHARES, COUNTS, SAME, PAIRS, COMPLETE_COUNTS, TABLE] = [0, 1, 2, 3, 4, 5]

/** @param categories all verdicts that could be given, whether they were or not */
export function tallyOf<Category extends string>(
  ratings: Ratings<Category>,
  categories: readonly Category[],
): Tally {
  const width = categories.length
  const tally = emptyTally(width)
  const counts = categories.map((category) => ratings.filter((rating) => rating === category).length)
  const given = counts.reduce((sum, count) => sum + count, 0)
  if (given === 0) return tally
  const put = (list: number, valueOf: (count: number) => number) =>
    counts.forEach((count, index) => (tally[LISTS + list * width + index] = valueOf(count)))
  tally[RATED] = 1
  put(SHARES, (count) => count / given)
  if (given < 2) return tally
  const agreeing = counts.reduce((sum, count) => sum + count * (count - 1), 0) / (given * (given - 1))
  tally[PAIRED] = 1
  tally[AGREEING] = agreeing
  tally[RATINGS] = given
  tally[WEIGHED_AGREEING] = given * agreeing
  put(COUNTS, (count) => count)
  put(SAME, (count) => count * (count - 1))
  put(PAIRS, (count) => count * (given - 1))
  const [first, second] = ratings.map((rating) => (rating === null ? -1 : categories.indexOf(rating)))
  if (first !== undefined && second !== undefined && first >= 0 && second >= 0) {
    tally[LISTS + TABLE * width + first * width + second] = 1
  }
  if (given < ratings.length) return tally
  tally[COMPLETE] = 1
  tally[COMPLETE_AGREEING] = agreeing
  tally[COMPLETE_RATINGS] = given
  put(COMPLETE_COUNTS, (count) => count)
  return tally
}

export function emptyTally(categories: number): Tally {
  return new Float64Array(LISTS + TABLE * categories + categories * categories)
}

/** Adds a tally, `times` times, to the first one. */
export function addTally(sum: Tally, tally: Tally, times = 1): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + times * (tally[at] ?? 0)
}

/** The sum over all heatmaps. */
export function tallyAll<Category extends string>(
  heatmaps: readonly Ratings<Category>[],
  categories: readonly Category[],
): Tally {
  const sum = emptyTally(categories.length)
  for (const ratings of heatmaps) addTally(sum, tallyOf(ratings, categories))
  return sum
}

const at = (tally: Tally, place: number): number => tally[place] ?? 0

function list(tally: Tally, which: number, width: number): Float64Array {
  return tally.subarray(LISTS + which * width, LISTS + (which + 1) * width)
}

/** Above chance over the most that is possible above chance; null when chance alone agrees fully. */
function beyondChance(observed: number, expected: number): number | null {
  return expected === 1 || !Number.isFinite(expected) ? null : (observed - expected) / (1 - expected)
}

/** Heatmaps with two or more ratings. */
export const pairedHeatmaps = (tally: Tally): number => at(tally, PAIRED)

/** Heatmaps that every rater has rated. */
export const completeHeatmaps = (tally: Tally): number => at(tally, COMPLETE)

/** Share of the pairs of ratings of a heatmap that agree, a mean over the heatmaps with two or more; null without one. */
export function rawAgreement(tally: Tally): number | null {
  return at(tally, PAIRED) === 0 ? null : at(tally, AGREEING) / at(tally, PAIRED)
}

/** Share of a category among the ratings of heatmaps with two or more; null without one. */
export function prevalence(tally: Tally, categories: number, category: number): number | null {
  const ratings = at(tally, RATINGS)
  return ratings === 0 ? null : (list(tally, COUNTS, categories)[category] ?? 0) / ratings
}

/**
 * Cohen's kappa of the first two raters (Cohen 1960). Heatmaps that either left out are dropped.
 *
 * @returns a value of at most 1; null for no common heatmap, or when both always gave one and the same verdict
 */
export function cohenKappa(tally: Tally, categories: number): number | null {
  const table = tally.subarray(LISTS + TABLE * categories)
  const total = table.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let [observed, expected] = [0, 0]
  for (let category = 0; category < categories; category += 1) {
    let [first, second] = [0, 0]
    for (let other = 0; other < categories; other += 1) {
      first += table[category * categories + other] ?? 0
      second += table[other * categories + category] ?? 0
    }
    observed += table[category * categories + category] ?? 0
    expected += first * second
  }
  return beyondChance(observed / total, expected / total ** 2)
}

/**
 * Fleiss' kappa (Fleiss 1971) over the heatmaps that every rater has rated.
 *
 * @returns null without one, with fewer than two raters, or when only one verdict was ever given
 */
export function fleissKappa(tally: Tally, categories: number): number | null {
  const complete = at(tally, COMPLETE)
  if (complete === 0) return null
  const ratings = at(tally, COMPLETE_RATINGS)
  const expected = list(tally, COMPLETE_COUNTS, categories).reduce(
    (sum, count) => sum + (count / ratings) ** 2,
    0,
  )
  return beyondChance(at(tally, COMPLETE_AGREEING) / complete, expected)
}

/**
 * Krippendorff's alpha for nominal data (Krippendorff 2004), any number of raters, gaps allowed. Heatmaps with fewer than two
 * ratings drop out.
 *
 * @returns null for nothing to pair, or when only one verdict was ever given
 */
export function krippendorffAlpha(tally: Tally, categories: number): number | null {
  const ratings = at(tally, RATINGS)
  if (ratings === 0) return null
  const same = list(tally, COUNTS, categories).reduce((sum, count) => sum + count * (count - 1), 0)
  return beyondChance(at(tally, WEIGHED_AGREEING) / ratings, same / (ratings * (ratings - 1)))
}

/**
 * Gwet's AC1 (Gwet 2008), gaps allowed: agreement over heatmaps with two or more ratings, prevalence over all rated ones.
 *
 * @param categories two or more
 * @returns null when no heatmap has two ratings
 */
export function gwetAc1(tally: Tally, categories: number): number | null {
  const observed = rawAgreement(tally)
  if (observed === null) return null
  const rated = at(tally, RATED)
  const expected = list(tally, SHARES, categories).reduce(
    (sum, share) => sum + (share / rated) * (1 - share / rated),
    0,
  )
  return beyondChance(observed, expected / (categories - 1))
}

/**
 * Specific agreement on a category (Spitzer and Fleiss 1974): when somebody gives it, how likely another rater does too.
 *
 * @returns a value in [0, 1]; null when nobody gave it to a heatmap with two or more ratings
 */
export function specificAgreement(tally: Tally, categories: number, category: number): number | null {
  const pairs = list(tally, PAIRS, categories)[category] ?? 0
  return pairs === 0 ? null : (list(tally, SAME, categories)[category] ?? 0) / pairs
}

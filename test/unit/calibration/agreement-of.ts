import {
  cohenKappa,
  fleissKappa,
  gwetAc1,
  krippendorffAlpha,
  tallyAll,
  type Ratings,
} from '../../../src/engine/calibration/agreement.ts'

type Rows = readonly Ratings<string>[]

export const CATEGORIES = ['accept', 'fail', 'unsure']

/** Measures of ratings as they stand in a table, one row a heatmap. */
export const fleissOf = (rows: Rows, categories: readonly string[] = CATEGORIES) =>
  fleissKappa(tallyAll(rows, categories), categories.length)

export const alphaOf = (rows: Rows, categories: readonly string[] = CATEGORIES) =>
  krippendorffAlpha(tallyAll(rows, categories), categories.length)

export const ac1Of = (rows: Rows, categories: readonly string[] = CATEGORIES) =>
  gwetAc1(tallyAll(rows, categories), categories.length)

/** @param first ratings of one rater @param second of the other, heatmap by heatmap */
export function cohenOf(
  first: Ratings<string>,
  second: Ratings<string>,
  categories: readonly string[] = CATEGORIES,
) {
  const rows = first.map((rating, at) => [rating, second[at] ?? null])
  return cohenKappa(tallyAll(rows, categories), categories.length)
}

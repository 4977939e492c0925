import { pearson } from './pearson.ts'
import { midRanks, type MapValues } from './ranks.ts'

/**
 * Spearman's rank correlation of two maps over all pixels: Pearson's of the ranks, equal values sharing the mean of their ranks
 * (Spearman 1904). Signed values as they are. In [-1, 1]; null (undefined) when either map is constant.
 */
export function spearman(a: MapValues, b: MapValues): number | null {
  return pearson(midRanks(a), midRanks(b))
}

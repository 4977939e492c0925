import { ascending, ascendingAbsolute, type MapValues } from './ranks.ts'

/**
 * Gini sparseness, `sum_i (2 i - n - 1) a_i / (n sum_i a_i)` with the i-th smallest absolute value a_i (Hurley and Rickard
 * 2009, eq. 13). Reduction: absolute values. In [0, 1 - 1/n]: 0 for a uniform map, 1 - 1/n for a single pixel; 0 for a map
 * that is 0 everywhere.
 *
 * @param sorted the map's values in ascending order, where they are at hand
 */
export function gini(map: MapValues, sorted = ascending(map)): number {
  const absolute = ascendingAbsolute(sorted)
  const n = absolute.length
  let sum = 0
  let weighted = 0
  for (let index = 0; index < n; index += 1) {
    const value = absolute[index] ?? 0
    sum += value
    weighted += (2 * index + 1 - n) * value
  }
  return sum === 0 ? 0 : weighted / (n * sum)
}

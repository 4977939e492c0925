import { ascending, type MapValues } from './ranks.ts'

/**
 * Gini sparseness, `sum_i (2 i - n - 1) a_i / (n sum_i a_i)` with the i-th smallest absolute value a_i (Hurley and Rickard
 * 2009, eq. 13). Reduction: absolute values. In [0, 1 - 1/n]: 0 for a uniform map, 1 - 1/n for a single pixel; 0 for a map
 * that is 0 everywhere.
 */
export function gini(map: MapValues): number {
  const sorted = ascending(map.map(Math.abs))
  const n = sorted.length
  let sum = 0
  let weighted = 0
  for (const [index, value] of sorted.entries()) {
    sum += value
    weighted += (2 * index + 1 - n) * value
  }
  return sum === 0 ? 0 : weighted / (n * sum)
}

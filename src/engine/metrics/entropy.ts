import type { MapValues } from './ranks.ts'

/**
 * Entropy in nats, `-sum_i p_i ln p_i` with `p_i = |R_i| / sum |R|` (Shannon 1948). Reduction: absolute values. In [0, ln n]:
 * ln n for a uniform map of n pixels, 0 for a single pixel and for a map that is 0 everywhere.
 */
export function entropy(map: MapValues): number {
  let sum = 0
  for (let pixel = 0; pixel < map.length; pixel += 1) sum += Math.abs(map[pixel] ?? 0)
  if (sum === 0) return 0
  let nats = 0
  for (let pixel = 0; pixel < map.length; pixel += 1) {
    const part = Math.abs(map[pixel] ?? 0) / sum
    if (part > 0) nats -= part * Math.log(part)
  }
  return Math.max(nats, 0)
}

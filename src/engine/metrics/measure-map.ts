import type { PixelMetricName } from '../../shared/names.ts'
import type { MapRegion } from './regions.ts'
import type { MetricScore } from './score.ts'
import { scorePixels } from './score-pixels.ts'
import { regionShares, type RegionShares, type RelevanceMap } from './shares.ts'

/** All that is stored of a map for its metrics. */
export interface MeasuredMap extends RegionShares {
  /** In the order of `PIXEL_METRICS`; absent without regions, since nothing can be wrong or right then. */
  pixelScores?: MetricScore<PixelMetricName>[] | undefined
}

/**
 * Measures one map.
 *
 * @param strokes of the map's sample, as `strokeMask` gives them
 * @throws HeatproofError as {@link regionShares} does
 */
export function measureMap(
  map: RelevanceMap,
  regions: readonly MapRegion[],
  strokes: Uint8Array,
): MeasuredMap {
  const shares = regionShares(map, regions)
  return regions.length === 0 ? shares : { ...shares, pixelScores: scorePixels(map.map, strokes) }
}

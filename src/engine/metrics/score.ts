import {
  METRICS,
  PIXEL_METRICS,
  SHARE_METRICS,
  type MetricName,
  type PixelMetricName,
  type ScoreState,
  type ShareMetricName,
} from '../../shared/names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { cosine } from './cosine.ts'
import { dominance } from './dominance.ts'
import { cappedPercentage, percentage } from './percentage.ts'
import type { MapRegion, Mark } from './regions.ts'
import { regionShares, type RegionShares, type RelevanceMap } from './shares.ts'

/** A metric's value for one map, in full precision and never clipped; null when it is undefined. */
export interface MetricScore<Name extends string = MetricName> {
  metric: Name
  value: number | null
  state: ScoreState
}

export interface MapScores extends RegionShares {
  /** One score a metric, in the order of `SHARE_METRICS`. */
  scores: MetricScore<ShareMetricName>[]
}

/** What is stored of a map: enough to score it again under another tau. */
export interface StoredShares extends Pick<RegionShares, 'shares' | 'sharesPositive'> {
  /** In the order of `PIXEL_METRICS`; absent where they were never measured. */
  pixelScores?: readonly MetricScore<PixelMetricName>[] | undefined
}

type ShareMetric = (shares: readonly number[], marks: readonly Mark[], tau: number) => number | null

const FORMULAS: Record<ShareMetricName, ShareMetric> = {
  percentage,
  capped_percentage: cappedPercentage,
  cosine,
  dominance,
  percentage_positive: percentage,
  capped_percentage_positive: cappedPercentage,
  cosine_positive: cosine,
  dominance_positive: dominance,
}

/** Values closer to [0, 1] than this are in range: they differ from it by rounding only. */
const ROUNDING = 1e-12

/** Whether the metric is computed from the positive part of the map. */
export function usesPositivePart(metric: MetricName): boolean {
  return metric.endsWith('_positive')
}

/** Whether the metric looks at single pixels. */
export function isPixelMetric(metric: MetricName): metric is PixelMetricName {
  return PIXEL_METRICS.some((known) => known === metric)
}

/** Whether a map is worse the larger the value is; of all other metrics the smaller. */
export function isWorseAbove(metric: string): boolean {
  return metric.startsWith('dominance') || metric === 'entropy'
}

/** Whether the metric's values lie in [0, 1], signed ones apart. */
export function isPartOfOne(metric: MetricName): boolean {
  return metric !== 'entropy'
}

/** Whether the metric depends on tau. */
export function hasTau(metric: MetricName): boolean {
  return metric.startsWith('capped_percentage')
}

/**
 * One metric of one map. `no_relevance` (all shares 0) comes before all other states; the value is then 0, for
 * dominance null. A value outside [0, 1] is kept and marked `out_of_range`. Shares of a sample without regions are
 * `undefined`. A metric by pixel is as it was measured, or `undefined` where it never was.
 *
 * @param tau cap on a share, in [0, 1]; only the capped percentages use it
 * @throws HeatproofError `bad_argument` when there is not one mark a share
 */
export function scoreMetric(
  metric: MetricName,
  stored: StoredShares,
  marks: readonly Mark[],
  tau: number,
): MetricScore {
  if (isPixelMetric(metric)) {
    const measured = stored.pixelScores?.find((score) => score.metric === metric)
    return measured ?? { metric, value: null, state: 'undefined' }
  }
  const shares = usesPositivePart(metric) ? stored.sharesPositive : stored.shares
  if (shares.length !== marks.length) {
    throw new HeatproofError('bad_argument', {
      found: `${marks.length} marks for ${shares.length} shares`,
      expected: 'one mark an item',
      advice: 'Give the marks of the sample that the map belongs to.',
    })
  }
  if (shares.length === 0) return { metric, value: null, state: 'undefined' }
  const value = FORMULAS[metric](shares, marks, tau)
  return { metric, value, state: stateOf(shares, value) }
}

function stateOf(shares: readonly number[], value: number | null): ScoreState {
  if (shares.every((share) => share === 0)) return 'no_relevance'
  if (value === null) return 'undefined'
  return isOutOfRange(value) ? 'out_of_range' : 'ok'
}

/** Whether a value that should be a part of a whole leaves [0, 1]. */
export function isOutOfRange(value: number): boolean {
  return value < -ROUNDING || value > 1 + ROUNDING
}

/** The share metrics that follow from a map alone, whichever calibration is active. */
export const METRICS_WITHOUT_TAU = SHARE_METRICS.filter((metric) => !hasTau(metric))

/** The share metrics without tau of one map from its stored shares, in the order of `SHARE_METRICS`. */
export function scoreWithoutTau(stored: StoredShares, marks: readonly Mark[]): MetricScore[] {
  return METRICS_WITHOUT_TAU.map((metric) => scoreMetric(metric, stored, marks, Infinity))
}

/** All metrics of one map from what is stored of it, in the order of `METRICS`. */
export function scoreStored(stored: StoredShares, marks: readonly Mark[], tau: number): MetricScore[] {
  return METRICS.map((metric) => scoreMetric(metric, stored, marks, tau))
}

/** All share metrics of one map from its stored shares, in the order of `SHARE_METRICS`. */
export function scoreShares(
  stored: StoredShares,
  marks: readonly Mark[],
  tau: number,
): MetricScore<ShareMetricName>[] {
  return SHARE_METRICS.map((metric) => ({ ...scoreMetric(metric, stored, marks, tau), metric }))
}

/** Shares and all share metrics of one map. @throws HeatproofError as {@link regionShares} does */
export function scoreMap({
  regions,
  tau,
  ...map
}: RelevanceMap & { regions: readonly MapRegion[]; tau: number }): MapScores {
  const shares = regionShares(map, regions)
  const marks = regions.map(({ mark }) => mark)
  return { ...shares, scores: scoreShares(shares, marks, tau) }
}

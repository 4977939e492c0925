import { HeatproofError } from '../../shared/errors.ts'
import { DEFAULT_TAU, type MetricName } from '../../shared/names.ts'
import type { Mark } from '../metrics/regions.ts'
import {
  isPixelMetric,
  isWorseAbove,
  scoreMetric,
  usesPositivePart,
  type StoredShares,
} from '../metrics/score.ts'

/** A heatmap on which the reviewers agree: it fails with the mode under calibration, or it is accepted. */
export interface Observation {
  mapId: number
  /** The base sequence that the map explains; maps of one sequence are not independent. */
  sequenceId: number
  shares: readonly number[]
  /** Shares of the positive part; without them the `_positive` metrics cannot be calibrated or ranked. */
  sharesPositive?: readonly number[]
  /** Scores by pixel; without them those metrics cannot be calibrated or ranked. */
  pixelScores?: StoredShares['pixelScores']
  marks: readonly Mark[]
  fails: boolean
  /** Probability in (0, 1] with which its queue drew the map, null where it is not known. */
  probability: number | null
  drawnAtRandom: boolean
}

/** Observations in columns, in the order of their map ids, so that no result depends on the order of the rows. */
export interface Sample {
  observations: readonly Observation[]
  fails: Uint8Array
  /** Inverse-probability weights. */
  weights: Float64Array
  /** Index of the base sequence of each observation, 0 .. sequences - 1. */
  sequence: Int32Array
  sequences: number
}

/** @throws HeatproofError `bad_values` for a probability outside (0, 1] */
export function sampleOf(rows: readonly Observation[]): Sample {
  const observations = rows.toSorted((a, b) => a.mapId - b.mapId)
  const sequenceIds = [...new Set(observations.map(({ sequenceId }) => sequenceId))].sort((a, b) => a - b)
  const indexOf = new Map(sequenceIds.map((id, index) => [id, index]))
  return {
    observations,
    fails: Uint8Array.from(observations, ({ fails }) => Number(fails)),
    weights: Float64Array.from(observations, inverseProbability),
    sequence: Int32Array.from(observations, ({ sequenceId }) => indexOf.get(sequenceId) ?? 0),
    sequences: sequenceIds.length,
  }
}

/** 1 / probability; 1, the least that a drawn map can weigh, where the probability is not known. */
function inverseProbability({ mapId, probability }: Observation): number {
  if (probability === null) return 1
  if (probability > 0 && probability <= 1) return 1 / probability
  throw new HeatproofError('bad_values', {
    found: `probability ${probability} for map ${mapId}`,
    expected: 'a probability above 0, at most 1',
    advice: 'Correct the probability with which the queue drew the map, or give null if it is not known.',
  })
}

/** Whether the metric fails a map below theta or above it. */
export function directionOf(metric: MetricName): 'below' | 'above' {
  return isWorseAbove(metric) ? 'above' : 'below'
}

/** Digits behind the point that decide whether two values are the same: sums of the same parts differ in the 16th. */
const SAME = 1e12

/**
 * Values of a metric for every observation, turned so that low means failing (`dominance` and `entropy` negated). NaN where the metric
 * is undefined. Rounded to 12 decimals, so that equal values are ties although they were summed in another order.
 */
export function failureScores(
  { observations }: Sample,
  metric: MetricName,
  tau: number | null,
): Float64Array {
  const sign = directionOf(metric) === 'above' ? -1 : 1
  return Float64Array.from(observations, ({ shares, sharesPositive = [], pixelScores, marks }) => {
    const { value } = scoreMetric(
      metric,
      { shares: [...shares], sharesPositive: [...sharesPositive], pixelScores },
      marks,
      tau ?? DEFAULT_TAU,
    )
    return value === null ? NaN : (sign * Math.round(value * SAME)) / SAME
  })
}

/** Whether every observation has what the metric is computed from. */
export function canScore({ observations }: Sample, metric: MetricName): boolean {
  if (isPixelMetric(metric)) return observations.every(({ pixelScores }) => pixelScores !== undefined)
  return !usesPositivePart(metric) || observations.every(({ sharesPositive }) => sharesPositive !== undefined)
}

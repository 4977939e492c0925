import { studentReach } from '../statistics/distributions.ts'

/** Which values a mean is over, and what makes some of them depend on each other. */
export interface Clustered {
  /** Indices of the values. */
  rows: Uint32Array
  /** NaN is left out. */
  valueOf: (index: number) => number
  groupOf: (index: number) => number
  /** Groups are below it. */
  groupRoom: number
  /** What a value counts for; default: 1. */
  weightOf?: (index: number) => number
}

export interface ClusteredMean {
  /** NaN for no values. */
  mean: number
  count: number
  groups: number
  /** Of the mean; NaN for one group. */
  variance: number
}

/**
 * Mean and its cluster-robust variance, `G / (G - 1) * sum_g (sum_{i in g} w_i (x_i - mean))^2 / (sum w)^2`, for values that
 * depend on each other within a group. It is what {@link meanInterval} says, for a million values: without weights both agree.
 */
export function clusteredMean({
  rows,
  valueOf,
  groupOf,
  groupRoom,
  weightOf = () => 1,
}: Clustered): ClusteredMean {
  let count = 0
  let weights = 0
  let total = 0
  for (const index of rows) {
    const value = valueOf(index)
    if (Number.isNaN(value)) continue
    const weight = weightOf(index)
    count += 1
    weights += weight
    total += weight * value
  }
  const mean = total / weights
  const deviations = new Float64Array(groupRoom)
  const seen = new Uint8Array(groupRoom)
  for (const index of rows) {
    const value = valueOf(index)
    if (Number.isNaN(value)) continue
    const group = groupOf(index)
    deviations[group] = (deviations[group] ?? 0) + weightOf(index) * (value - mean)
    seen[group] = 1
  }
  let groups = 0
  let squares = 0
  for (let group = 0; group < groupRoom; group += 1) {
    groups += seen[group] ?? 0
    squares += (deviations[group] ?? 0) ** 2
  }
  const variance = groups < 2 ? NaN : ((groups / (groups - 1)) * squares) / weights ** 2
  return { mean, count, groups, variance }
}

export interface Interval {
  low: number | null
  high: number | null
}

/** 95 % Student t interval of a clustered mean, not clipped; null bounds for one group. */
export function studentInterval({ mean, groups, variance }: ClusteredMean): Interval {
  if (Number.isNaN(variance)) return { low: null, high: null }
  const reach = studentReach(0.95, groups - 1) * Math.sqrt(variance)
  return { low: mean - reach, high: mean + reach }
}

/** The standard normal quantile of 0.975. */
const Z = 1.959963984540054

/**
 * 95 % Wilson interval (1927) of a share, on the effective number of independent maps `p (1 - p) / variance`, at most their
 * number. Where p is 0 or 1 nothing varies, and the number of groups stands for it: none of ten maps does not mean none at all.
 * null bounds for one group, of which nobody knows how it varies.
 */
export function wilsonInterval({ mean: p, count, groups, variance }: ClusteredMean): Interval {
  if (groups < 2) return { low: null, high: null }
  const n = p === 0 || p === 1 ? groups : Math.min(count, (p * (1 - p)) / variance)
  const middle = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
  const reach = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}

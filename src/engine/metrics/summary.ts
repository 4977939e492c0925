import type { MetricScore } from './score.ts'
import { studentQuantile975 } from './student-t.ts'

export interface Summary {
  /** Mean over all maps that have a value; null when none has. */
  mean: number | null
  /** Maps that have a value: the mean is over these. */
  count: number
  outOfRange: number
  undefined: number
  noRelevance: number
}

/**
 * Summarises one metric over maps. The mean takes every value as it is: out-of-range values unclipped, and 0 for a map
 * without relevance wherever the metric defines it so. Maps whose value is null (undefined) are left out of the mean,
 * never counted as 0. Each state is counted; a dominance without relevance counts as `noRelevance`, not `undefined`.
 */
export function summarise(scores: readonly Pick<MetricScore, 'value' | 'state'>[]): Summary {
  const values = scores.flatMap(({ value }) => (value === null ? [] : [value]))
  const inState = (state: MetricScore['state']) => scores.filter((score) => score.state === state).length
  return {
    mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    count: values.length,
    outOfRange: inState('out_of_range'),
    undefined: inState('undefined'),
    noRelevance: inState('no_relevance'),
  }
}

export interface MeanInterval {
  /** Mean over all values, each with the same weight. */
  mean: number
  /** Bounds of the 95 % interval, not clipped to [0, 1]; null when there is one group only. */
  low: number | null
  high: number | null
  /** What the interval is over: models of different folds, or sequences of one fold. */
  over: 'folds' | 'sequences'
  groups: number
}

/**
 * Mean with a 95 % Student t interval that allows for dependent values. Values are grouped by fold where there are two
 * folds or more, else by sequence, and the standard error is the cluster-robust one,
 * `sqrt(G / (G - 1) * sum_g (sum_{i in g} (x_i - mean))^2) / N` with G - 1 degrees of freedom (Liang and Zeger 1986);
 * for groups of equal size it is the standard error of the G group means.
 *
 * @returns null for no values
 */
export function meanInterval(
  values: readonly { value: number; fold: number; sequenceId: number }[],
): MeanInterval | null {
  if (values.length === 0) return null
  const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length
  const over = new Set(values.map(({ fold }) => fold)).size >= 2 ? 'folds' : 'sequences'
  const { variance, groups } = varianceOfMean(values, ({ fold, sequenceId }) =>
    over === 'folds' ? fold : sequenceId,
  )
  if (variance === null) return { mean, low: null, high: null, over, groups }
  const reach = studentQuantile975(groups - 1) * Math.sqrt(variance)
  return { mean, low: mean - reach, high: mean + reach, over, groups }
}

/**
 * Variance of the mean of values that depend on each other within a group, and the number G of groups: the square of the
 * cluster-robust standard error of {@link meanInterval}. null for one group.
 */
export function varianceOfMean<Value extends { value: number }>(
  values: readonly Value[],
  groupOf: (value: Value) => number,
): { variance: number | null; groups: number } {
  const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length
  const deviations = new Map<number, number>()
  for (const each of values) {
    const group = groupOf(each)
    deviations.set(group, (deviations.get(group) ?? 0) + each.value - mean)
  }
  const groups = deviations.size
  if (groups < 2) return { variance: null, groups }
  const squares = [...deviations.values()].reduce((sum, deviation) => sum + deviation ** 2, 0)
  return { variance: ((groups / (groups - 1)) * squares) / values.length ** 2, groups }
}

/** A mean over pairs of maps with its 95 % interval over sequences. */
export interface LikenessSummary {
  mean: number | null
  low: number | null
  high: number | null
  /** Pairs with a value of their own: the mean is over these. */
  count: number
  undefined: number
  noRelevance: number
}

/** Summarises one likeness of pairs of maps; pairs that are undefined, or without relevance, are counted and left out of the mean. */
export function summariseLikeness(
  scores: readonly (Pick<MetricScore, 'value' | 'state'> & { sequenceId: number })[],
): LikenessSummary {
  const values = scores.flatMap(({ value, state, sequenceId }) =>
    value === null || state !== 'ok' ? [] : [{ value, sequenceId, fold: 0 }],
  )
  const interval = meanInterval(values)
  const inState = (state: MetricScore['state']) => scores.filter((score) => score.state === state).length
  return {
    mean: interval?.mean ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    count: values.length,
    undefined: inState('undefined'),
    noRelevance: inState('no_relevance'),
  }
}

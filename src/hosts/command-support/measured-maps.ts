import type { MetricScore } from '../../engine/metrics/score.ts'
import { summarise, type Summary } from '../../engine/metrics/summary.ts'
import type { ScoreState } from '../../shared/names.ts'

export type Scores = readonly MetricScore<string>[]

/** Scores of many maps, and of what they are compared with. */
export interface MeasuredMaps {
  rows: { index: number; scores: Scores }[]
  /** Scores by the baseline's name, in the order of the rows. */
  baselines: Record<string, Scores[]>
}

export type Values = Record<string, number | null>

/** Values by metric. */
export function valuesOf(scores: Scores): Values {
  return Object.fromEntries(scores.map(({ metric, value }) => [metric, value]))
}

/** States by metric. */
export function statesOf(scores: Scores): Record<string, ScoreState> {
  return Object.fromEntries(scores.map(({ metric, state }) => [metric, state]))
}

/** Metrics that maps were scored with, in their order. */
export function metricsOf({ rows }: MeasuredMaps): string[] {
  return (rows[0]?.scores ?? []).map(({ metric }) => metric)
}

/** One summary a metric. */
export function summariesOf(scores: readonly Scores[]): Record<string, Summary> {
  const byMetric = Map.groupBy(scores.flat(), ({ metric }) => metric)
  return Object.fromEntries([...byMetric].map(([metric, own]) => [metric, summarise(own)]))
}

/** Means over the maps for which a metric is defined; null where there is none. */
export function meansOf(scores: readonly Scores[]): Values {
  return Object.fromEntries(Object.entries(summariesOf(scores)).map(([metric, { mean }]) => [metric, mean]))
}

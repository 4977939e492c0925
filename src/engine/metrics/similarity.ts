import { SANITY_METRICS, type AgreementMetricName, type SanityMetricName } from '../../shared/names.ts'
import { agreement, defaultTop } from './agreement.ts'
import type { MapValues } from './ranks.ts'
import type { MetricScore } from './score.ts'
import { spearman } from './spearman.ts'

/**
 * How far the map of a changed model is still the original one, in the order of `SANITY_METRICS`: the measures of Adebayo et al.
 * 2018 that apply to small maps, and the overlap of the largest tenth of the pixels. States as in {@link agreement}.
 *
 * @throws HeatproofError `bad_argument` when the maps differ in size
 */
export function similarity(a: MapValues, b: MapValues, columns: number): MetricScore<SanityMetricName>[] {
  const signed = agreement(a, b, { columns, top: defaultTop(a.length) })
  const hasSigns = [a, b].some((map) => map.some((value: number) => value < 0))
  const absolute = hasSigns
    ? spearman(a.map(Math.abs), b.map(Math.abs))
    : (signed.find(({ metric }) => metric === 'spearman')?.value ?? null)
  const scores: MetricScore<AgreementMetricName | SanityMetricName>[] = [
    ...signed,
    { metric: 'spearman_absolute', value: absolute, state: absolute === null ? 'undefined' : 'ok' },
  ]
  return SANITY_METRICS.flatMap((metric) =>
    scores.filter((score) => score.metric === metric).map(({ value, state }) => ({ metric, value, state })),
  )
}

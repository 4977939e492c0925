import { METRICS, type MetricName } from '../../shared/names.ts'
import { termTitle } from '../../shared/terms.ts'

/** The metrics as a select offers them. */
export const METRIC_OPTIONS: readonly { value: MetricName; label: string }[] = METRICS.map((metric) => ({
  value: metric,
  label: termTitle(metric),
}))

/** The metric that an address names, or the capped percentage. */
export function metricParameter(text: string | undefined): MetricName {
  return METRICS.find((metric) => metric === text) ?? 'capped_percentage'
}

import { METRICS, type MetricName } from '../../shared/names.ts'
import { holm } from '../statistics/holm.ts'
import { detectorOf, fit, type Fit } from './detector.ts'
import { canScore, type Sample } from './observations.ts'
import { bootstrapP } from './p-values.ts'
import { aucEstimate, estimate } from './uncertainty.ts'

export interface Rival {
  metric: MetricName
  fit: Fit
}

/** Every metric that can be computed from the sample and separates two classes, each at the tau that suits it best. */
export function fitRivals(sample: Sample): Rival[] {
  return METRICS.filter((metric) => canScore(sample, metric)).flatMap((metric) => {
    const fitted = fit(detectorOf(sample, metric), sample.weights)
    return fitted === null ? [] : [{ metric, fit: fitted }]
  })
}

/**
 * Metrics from the best AUC down (equal ones in the order of `METRICS`), each with the AUC of the best minus its own,
 * paired over resamples, and the p value of that difference, before and after Holm's correction over all of them. A metric's
 * AUC is over the maps for which it is defined.
 */
export function rankMetrics(rivals: readonly Rival[], resampledAucs: readonly Float64Array[]) {
  const rows = rivals
    .map((rival, index) => ({ ...rival, resampled: resampledAucs[index] ?? new Float64Array() }))
    .sort((a, b) => b.fit.auc - a.fit.auc)
  const [best] = rows
  if (best === undefined) return []
  const compared = rows.map((row) => {
    const differences = row.resampled.map((auc, at) => (best.resampled[at] ?? NaN) - auc)
    return { ...row, differences, p: row === best ? null : bootstrapP(differences) }
  })
  const corrected = holm(compared.map(({ p }) => p))
  return compared.map(({ metric, fit: { auc }, resampled, differences, p }, index) => ({
    metric,
    auc: aucEstimate(auc, resampled),
    difference: estimate(best.fit.auc - auc, differences),
    p,
    pHolm: corrected[index] ?? null,
  }))
}

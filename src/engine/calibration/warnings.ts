import { isPartOfOne, isPixelMetric, usesPositivePart } from '../metrics/score.ts'
import type { MetricName } from '../../shared/names.ts'
import { FOLDS } from './cross-validation.ts'
import type { Observation } from './observations.ts'
import { TAUS } from './tau-search.ts'

/** Values this far outside [0, 1] are outside by more than rounding. */
const ROUNDING = 1e-12

/** What a reader must know before trusting the fit, a sentence each. */
export function fitWarnings(fitted: {
  metric: MetricName
  observations: readonly Observation[]
  values: Float64Array
  tau: number | null
  foldsJudged: number
  /** Resamples that held one class only. */
  skipped: number
}): string[] {
  const { metric, observations, values, tau, foldsJudged, skipped } = fitted
  const count = observations.length
  const unknown = observations.filter(({ probability }) => probability === null).length
  const outside = values.filter((value) => value < -ROUNDING || value > 1 + ROUNDING).length
  const warnings: string[] = []
  if (!observations.some(({ drawnAtRandom }) => drawnAtRandom)) {
    warnings.push(
      'No verdict comes from the random part of a queue: the sample may be biased by how its maps came up.',
    )
  }
  if (unknown === count) {
    warnings.push('No verdict has the probability with which its map was drawn: the fit is not weighted.')
  } else if (unknown > 0) {
    warnings.push(`${unknown} of ${count} maps came up with an unknown probability; they weigh 1.`)
  }
  if (outside > 0 && isPartOfOne(metric)) {
    const advice =
      usesPositivePart(metric) || isPixelMetric(metric) ? '' : ` Compare with '${metric}_positive'.`
    const kept =
      outside === 1
        ? 'has a value outside [0, 1], which is kept as it is.'
        : 'have values outside [0, 1], which are kept as they are.'
    warnings.push(`${outside} of ${count} maps ${kept}${advice}`)
  }
  if (tau !== null && (tau === TAUS[0] || tau === TAUS.at(-1))) {
    warnings.push(`Tau ${tau.toFixed(2)} lies at the border of what was tried.`)
  }
  if (foldsJudged < FOLDS) {
    warnings.push(
      `Only ${foldsJudged} of ${FOLDS} folds could be fitted: the verdicts come from too few sequences.`,
    )
  }
  if (skipped > 0)
    warnings.push(`${skipped} resamples held one class only and were left out of the intervals.`)
  return warnings
}

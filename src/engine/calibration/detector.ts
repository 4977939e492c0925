import type { MetricName } from '../../shared/names.ts'
import { hasTau } from '../metrics/score.ts'
import { failureScores, type Sample } from './observations.ts'
import { rank, rocAuc, type Ranking } from './roc.ts'
import { bestTauStep, TAUS } from './tau-search.ts'
import { YOUDEN, type Chooser } from './threshold-rule.ts'
import { youdenOf } from './youden.ts'

/** A metric as a detector of failures, ranked once for each tau (once altogether if it has none). */
export interface Detector {
  metric: MetricName
  /** What is tried: all taus, or null alone. */
  taus: readonly (number | null)[]
  rankings: readonly Ranking[]
}

export function detectorOf(sample: Sample, metric: MetricName): Detector {
  const taus = hasTau(metric) ? TAUS : [null]
  return { metric, taus, rankings: taus.map((tau) => rank(failureScores(sample, metric, tau), sample.fails)) }
}

export interface Fit {
  /** Index in the detector's taus. */
  step: number
  tau: number | null
  ranking: Ranking
  /** Failing is what scores below it; scores are negated values for metrics that fail above theta. */
  threshold: number
  youden: number
  auc: number
  aucs: Float64Array
}

/** The tau of the largest AUC and the threshold that the chooser picks there; null when all weight is on one class. */
export function fit(
  { taus, rankings }: Detector,
  weights: Float64Array,
  chooser: Chooser = YOUDEN,
): Fit | null {
  const aucs = Float64Array.from(rankings, (ranking) => rocAuc(ranking, weights))
  const step = taus.length === 1 ? 0 : tauStep(rankings, weights, aucs, chooser)
  const [tau, ranking, auc] = [taus[step], rankings[step], aucs[step]]
  if (tau === undefined || ranking === undefined || auc === undefined || Number.isNaN(auc)) return null
  const threshold = chooser.threshold(ranking, weights)
  return { step, tau, ranking, auc, aucs, threshold, youden: youdenOf(ranking, weights, threshold) }
}

/** -1 when the weights that tau is searched with are on one class. */
function tauStep(
  rankings: readonly Ranking[],
  weights: Float64Array,
  aucs: Float64Array,
  { forTau }: Chooser,
): number {
  const searched = forTau(weights)
  if (searched === weights) return bestTauStep(aucs)
  const searchedAucs = Float64Array.from(rankings, (ranking) => rocAuc(ranking, searched))
  return searchedAucs.some(Number.isNaN) ? -1 : bestTauStep(searchedAucs)
}

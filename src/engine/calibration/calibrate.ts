import type { CalibrationFit, ThresholdRule } from '../../shared/contract/calibration.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { FailureMode, MetricName } from '../../shared/names.ts'
import { hasTau, isPixelMetric } from '../metrics/score.ts'
import { confusionAt } from './confusion.ts'
import { missingVerdicts, requireEnoughVerdicts } from './counts.ts'
import { crossValidate } from './cross-validation.ts'
import { detectorOf, fit } from './detector.ts'
import { verdictHistogram } from './histogram.ts'
import { canScore, directionOf, failureScores, sampleOf, type Observation } from './observations.ts'
import { fitRivals, rankMetrics } from './ranking.ts'
import { rocPoints } from './roc.ts'
import { TAUS } from './tau-search.ts'
import { chooserOf, guaranteeOf } from './threshold-rule.ts'
import { aucEstimate, estimate, resampleFits } from './uncertainty.ts'
import { fitWarnings } from './warnings.ts'

/** Reviewed maps that are neither failing with the mode nor accepted, or that the metrics mean nothing for. */
export interface LeftOut {
  ties: number
  unsure: number
  otherModes: number
  /** Decided maps that explain another class than the label and the prediction. */
  otherClass: number
  /** Verdicts that went to whole groups, where they do not count. */
  groupVerdicts: number
}

export interface CalibrationInput {
  observations: readonly Observation[]
  metric: MetricName
  mode: FailureMode
  seed: number
  /** Bootstrap resamples, 2,000 by default. */
  resamples?: number
  /** Whether the observations hold verdicts that went to whole groups, default no; the fit says so. */
  groupVerdicts?: boolean
  /** How theta is chosen, by default by Youden's J. */
  rule?: ThresholdRule
  leftOut?: LeftOut
  /** Called every few resamples; what it throws ends the fit. */
  onProgress?: (done: number, total: number) => void
}

/** A fit without the identity of the verdicts and of the program that it came from. Plain JSON. */
export type CalibrationResult = Omit<CalibrationFit, 'source' | 'code' | 'verdictIds' | 'verdictHash'>

/** Grows whenever the same verdicts give other figures than before, so that versions say by which method they were made. */
export const METHOD_REVISION = 3

/**
 * Fits tau and theta of a metric to reviewers' verdicts: tau maximises the ROC-AUC, theta is chosen by the rule at that tau. Every
 * figure but the counts (histogram, confusion) is weighted by inverse draw probability. Intervals are 95 % intervals
 * over resampled base sequences: percentiles of tau and theta of a new search in each resample, and all AUCs at a fixed tau, on the
 * scale of their logits.
 * A pure function of the set of observations and the seed.
 *
 * @throws HeatproofError `too_few_verdicts` under 10 maps of either class for which the metric is defined,
 *   or too few failing maps for the miss rate that is asked for;
 *   `bad_argument` for a `_positive` metric without positive shares; `bad_values` for an impossible probability
 */
export function fitCalibration({
  observations,
  metric,
  mode,
  seed,
  resamples = 2000,
  groupVerdicts = false,
  rule = { kind: 'youden' },
  leftOut = { ties: 0, unsure: 0, otherModes: 0, otherClass: 0, groupVerdicts: 0 },
  onProgress = () => undefined,
}: CalibrationInput): CalibrationResult {
  const sample = sampleOf(observations)
  if (!canScore(sample, metric)) {
    throw new HeatproofError('bad_argument', {
      found: isPixelMetric(metric)
        ? 'maps that were never measured by pixel'
        : 'maps without shares of their positive part',
      expected: `what '${metric}' is computed from, for every map`,
      advice: 'Score the maps again, or calibrate another metric.',
    })
  }
  const detector = detectorOf(sample, metric)
  const defined = detector.rankings[0]?.fails ?? new Uint8Array()
  const positives = defined.reduce((sum, fails) => sum + fails, 0)
  const negatives = defined.length - positives
  requireEnoughVerdicts(positives, negatives, mode)
  const split = { hasTau: hasTau(metric), seed }
  const chooser = chooserOf(rule, sample, split.hasTau, seed)
  const fitted = fit(detector, sample.weights, chooser)
  if (fitted === null) {
    throw new HeatproofError('too_few_verdicts', {
      found: 'failing or accepted maps of a single sequence',
      expected: 'both in either half of the sequences: tau is chosen on one, theta on the other',
      advice: 'Review maps of further sequences, or choose theta by another rule.',
    })
  }
  const guarantee = guaranteeOf(rule, fitted.ranking, sample, split)

  const rivals = fitRivals(sample)
  const resampled = resampleFits({
    sample,
    detector,
    chooser,
    rivals: rivals.map((rival) => rival.fit),
    seed,
    resamples,
    onProgress,
  })
  const direction = directionOf(metric)
  const sign = direction === 'above' ? -1 : 1
  const values = failureScores(sample, metric, fitted.tau).map((score) => sign * score)
  const aucsAt = (step: number) => resampled.aucsByStep[step] ?? new Float64Array()
  const crossValidation = crossValidate(detector, sample, seed, chooser)
  return {
    metric,
    mode,
    seed,
    resamples,
    groupVerdicts,
    rule,
    guarantee,
    counts: {
      positives,
      negatives,
      ...leftOut,
      undefined: observations.length - defined.length,
      ...missingVerdicts(positives, negatives),
    },
    direction,
    tau: fitted.tau === null ? null : estimate(fitted.tau, resampled.taus),
    theta: estimate(
      sign * fitted.threshold,
      resampled.thresholds.map((threshold) => sign * threshold),
    ),
    youden: fitted.youden,
    auc: aucEstimate(fitted.auc, aucsAt(fitted.step)),
    aucByTau:
      fitted.tau === null
        ? []
        : TAUS.map((tau, step) => {
            const { value: auc, low, high } = aucEstimate(fitted.aucs[step] ?? NaN, aucsAt(step))
            return { tau, auc, low, high }
          }),
    roc: rocPoints(fitted.ranking, sample.weights).map(({ threshold, ...rates }) => ({
      ...rates,
      theta: sign * threshold,
    })),
    histogram: verdictHistogram(values, sample.fails),
    confusion: confusionAt(fitted.ranking, fitted.threshold),
    crossValidation,
    ranking: rankMetrics(rivals, resampled.rivalAucs),
    weighted: observations.some(({ probability }) => probability !== null),
    hasRandomPart: observations.some(({ drawnAtRandom }) => drawnAtRandom),
    warnings: fitWarnings({
      metric,
      observations,
      values,
      tau: fitted.tau,
      foldsJudged: crossValidation.folds,
      skipped: resampled.thresholds.filter(Number.isNaN).length,
    }),
  }
}

/** Whether a metric's value fails under a calibration; null (undefined) never does. */
export function predictsFailure(
  value: number | null,
  { direction, theta }: { direction: 'below' | 'above'; theta: number },
): boolean {
  if (value === null) return false
  return direction === 'below' ? value < theta : value > theta
}

import type { CalibrationFit } from '../../../shared/contract/calibration.ts'
import { nearestIndex } from '../../charts/snap.ts'

/** Steps of a threshold under another cap than the fitted one. */
const STEPS = 400

/**
 * Where the threshold can stand, increasing: at the corners of the ROC curve, between two of which no map changes sides; under
 * another cap, for which there is no curve, in even steps over the values.
 */
export function thresholdSteps({ roc, histogram, theta }: CalibrationFit, isOtherCap: boolean): number[] {
  const { low, high } = histogram
  const steps = isOtherCap
    ? [theta.value, ...Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS)]
    : roc.map((corner) => corner.theta)
  return [...new Set(steps)].sort((left, right) => left - right)
}

/** The rates of the ROC curve at its corner nearest to a threshold. */
export function pointAt({ roc }: CalibrationFit, theta: number) {
  const increasing = roc.toSorted((left, right) => left.theta - right.theta)
  const corner =
    increasing[
      nearestIndex(
        increasing.map((point) => point.theta),
        theta,
      )
    ]
  return {
    truePositiveRate: corner?.truePositiveRate ?? NaN,
    falsePositiveRate: corner?.falsePositiveRate ?? NaN,
  }
}

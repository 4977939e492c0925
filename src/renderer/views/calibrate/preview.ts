import type { CalibrationFit } from '../../../shared/contract/calibration.ts'
import { nearestIndex } from '../../charts/snap.ts'

type Confusion = CalibrationFit['confusion']

export interface Preview {
  point: CalibrationFit['roc'][number] | null
  truePositiveRate: number
  falsePositiveRate: number
  /** Youden's J. */
  youden: number
  /** Counts of maps; null where the fit is weighted, since its rates are not shares of maps then. */
  confusion: Confusion | null
}

/**
 * What a threshold would do, from the nearest point of the ROC curve: between two neighbouring points no map changes
 * sides. At the fitted threshold the counts are those of the fit, weighted or not.
 */
export function previewAt(fit: CalibrationFit, theta: number): Preview {
  const increasing = fit.roc.toSorted((left, right) => left.theta - right.theta)
  const point =
    increasing[
      nearestIndex(
        increasing.map((corner) => corner.theta),
        theta,
      )
    ] ?? null
  const truePositiveRate = point?.truePositiveRate ?? NaN
  const falsePositiveRate = point?.falsePositiveRate ?? NaN
  const rates = { point, truePositiveRate, falsePositiveRate, youden: truePositiveRate - falsePositiveRate }
  if (theta === fit.theta.value) return { ...rates, confusion: fit.confusion }
  if (fit.weighted || point === null) return { ...rates, confusion: null }
  const {
    truePositive: hits,
    falseNegative: misses,
    falsePositive: alarms,
    trueNegative: passes,
  } = fit.confusion
  const truePositive = Math.round(truePositiveRate * (hits + misses))
  const falsePositive = Math.round(falsePositiveRate * (alarms + passes))
  return {
    ...rates,
    confusion: {
      truePositive,
      falseNegative: hits + misses - truePositive,
      falsePositive,
      trueNegative: alarms + passes - falsePositive,
    },
  }
}

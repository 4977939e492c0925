import type { CalibrationFit } from '../../../src/shared/contract/calibration.ts'
import { someFit } from '../figures/some-fit.ts'

/** A fit as the workspace stores it; only its parameters and verdicts matter. */
export function fitWith({
  tau,
  theta,
  verdictIds = [1, 2],
}: {
  tau: number
  theta: number
  verdictIds?: number[]
}): CalibrationFit {
  return { ...someFit({ tau }), theta: { value: theta, low: theta, high: theta }, verdictIds }
}

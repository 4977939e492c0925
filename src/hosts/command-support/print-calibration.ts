import type { CalibrationFit, CalibrationVersion } from '../../shared/contract/calibration.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { formatEstimate, formatInstant, formatValue } from '../../shared/units.ts'
import { printTable } from './table.ts'

/** @param version null where the fit is not stored */
export function printFit(fit: CalibrationFit, version: number | null): string {
  const { metric, mode, tau, theta, auc, counts, warnings } = fit
  return [
    `${metric} against ${mode}${version === null ? '' : `, version ${version}`}`,
    `${counts.positives} failed, ${counts.negatives} accepted`,
    ...(counts.groupVerdicts === 0 ? [] : [`${counts.groupVerdicts} verdicts on whole groups left out`]),
    ...(tau === null ? [] : [`tau    ${formatEstimate(tau)}`]),
    `theta  ${formatEstimate(theta)}`,
    `AUC    ${formatEstimate(auc)}`,
    ...warnings,
  ].join('\n')
}

/** Newest first, a star before the active one. */
export function printVersions(versions: readonly CalibrationVersion[]): string {
  if (versions.length === 0)
    return 'No version is stored; the default, tau 0.8 without a threshold, is active.'
  const rows = versions.map(({ version, fit, createdBy, createdAt, active }) => [
    `${active ? '*' : ' '} ${version}`,
    fit.metric,
    fit.mode,
    formatValue(fit.tau?.value),
    formatValue(fit.theta.value),
    formatValue(fit.auc.value),
    `${fit.counts.positives}/${fit.counts.negatives}`,
    createdBy,
    formatInstant(createdAt),
  ])
  return printTable(
    ['  version', 'metric', 'mode', 'tau', 'theta', 'AUC', 'failed/accepted', 'by', 'saved at'],
    rows,
  )
}

export function printActive({ version, metric, tau, theta }: ActiveCalibration): string {
  if (version === null) return `active: the default, tau ${tau} without a threshold`
  return `active: version ${version} of ${metric ?? ''}, tau ${formatValue(tau)}, theta ${formatValue(theta)}`
}

import { calibrationReport } from '../../shared/calibration-report.ts'
import type {
  CalibrationFit,
  CalibrationVersion,
  Reproduction,
  VersionComparison,
} from '../../shared/contract/calibration.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { formatEstimate, formatInstant, formatValue } from '../../shared/units.ts'
import { printTable } from './table.ts'

/** Figures, the metrics ranked, and the report in sentences. @param version null where the fit is not stored */
export function printFit(fit: CalibrationFit, version: number | null): string {
  const { metric, mode, tau, theta, auc, counts, warnings } = fit
  return [
    `${metric} against ${mode}${version === null ? '' : `, version ${version}`}`,
    `${counts.positives} failed, ${counts.negatives} accepted`,
    ...(counts.groupVerdicts === 0 ? [] : [`${counts.groupVerdicts} verdicts on whole groups left out`]),
    ...(tau === null ? [] : [`tau    ${formatEstimate(tau)}`]),
    `theta  ${formatEstimate(theta)}, by ${printRule(fit.rule)}`,
    `AUC    ${formatEstimate(auc)}`,
    ...warnings,
    '',
    printRanking(fit.ranking),
    ...calibrationReport(fit).flatMap(({ title, sentences }) => [
      '',
      title,
      ...sentences.map((line) => `  ${line}`),
    ]),
  ].join('\n')
}

/** How theta was chosen, in a few words. */
export function printRule(rule: CalibrationFit['rule']): string {
  switch (rule.kind) {
    case 'youden':
      return "Youden's J"
    case 'cost':
      return `cost ratio ${rule.ratio}`
    case 'miss_rate':
      return `miss rate ${rule.rate}`
  }
}

function printRanking(ranking: CalibrationFit['ranking']): string {
  return printTable(
    ['metric', 'AUC', 'below the best', 'p', 'p (Holm)'],
    ranking.map(({ metric, auc, difference, p, pHolm }) => [
      metric,
      formatEstimate(auc),
      p === null ? '' : formatEstimate(difference),
      printP(p),
      printP(pHolm),
    ]),
  )
}

function printP(p: number | null): string {
  if (p === null) return ''
  return p < 0.001 ? '< 0.001' : formatValue(p)
}

/** Newest first, a star before the active one; where verdicts came in since, a version is stale and says how many. */
export function printVersions(versions: readonly CalibrationVersion[]): string {
  if (versions.length === 0)
    return 'No version is stored; the default, tau 0.8 without a threshold, is active.'
  const rows = versions.map(({ version, fit, createdBy, createdAt, active, newerVerdicts }) => [
    `${active ? '*' : ' '} ${version}`,
    fit.metric,
    fit.mode,
    formatValue(fit.tau?.value),
    formatValue(fit.theta.value),
    formatValue(fit.auc.value),
    `${fit.counts.positives}/${fit.counts.negatives}`,
    newerVerdicts === 0 ? '' : `${newerVerdicts} newer`,
    createdBy,
    formatInstant(createdAt),
  ])
  return printTable(
    [
      '  version',
      'metric',
      'mode',
      'tau',
      'theta',
      'AUC',
      'failed/accepted',
      'verdicts since',
      'by',
      'saved at',
    ],
    rows,
  )
}

export function printActive({ version, metric, tau, theta }: ActiveCalibration): string {
  if (version === null) return `active: the default, tau ${tau} without a threshold`
  return `active: version ${version} of ${metric ?? ''}, tau ${formatValue(tau)}, theta ${formatValue(theta)}`
}

/** Whether a version can be made again from its row. */
export function printReproduction(version: number, reproduction: Reproduction): string {
  const { identical, stored, now, differences, reasons } = reproduction
  if (identical) return `version ${version}: identical, SHA-256 ${stored}`
  return [
    `version ${version}: not identical`,
    `  stored  SHA-256 ${stored}`,
    `  again   SHA-256 ${now}`,
    `  differing: ${differences.join(', ')}`,
    ...reasons.map((reason) => `  ${reason}`),
  ].join('\n')
}

/** Two versions side by side. */
export function printComparison(
  [first, second]: readonly [CalibrationVersion, CalibrationVersion],
  { verdicts, maps }: VersionComparison,
): string {
  const row = (name: string, valueOf: (fit: CalibrationFit) => string) => [
    name,
    valueOf(first.fit),
    valueOf(second.fit),
  ]
  return [
    printTable(
      ['', `version ${first.version}`, `version ${second.version}`],
      [
        row('metric', ({ metric }) => metric),
        row('mode', ({ mode }) => mode),
        row('theta by', ({ rule }) => printRule(rule)),
        row('tau', ({ tau }) => (tau === null ? '' : formatEstimate(tau))),
        row('theta', ({ theta }) => formatEstimate(theta)),
        row('AUC', ({ auc }) => formatEstimate(auc)),
        row('held-out balanced accuracy', ({ crossValidation }) =>
          formatValue(crossValidation.balancedAccuracy),
        ),
        row('failed/accepted', ({ counts }) => `${counts.positives}/${counts.negatives}`),
        row('seed, resamples', ({ seed, resamples }) => `${seed}, ${resamples}`),
      ],
    ),
    `verdicts: ${verdicts.both} of both, ${verdicts.onlyFirst} of version ${first.version} alone, ${verdicts.onlySecond} of version ${second.version} alone`,
    `maps predicted to fail: ${maps.both} by both, ${maps.onlyFirst} by version ${first.version} alone, ${maps.onlySecond} by version ${second.version} alone, ${maps.neither} by neither`,
  ].join('\n')
}

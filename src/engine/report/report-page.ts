import { calibrationReport } from '../../shared/calibration-report.ts'
import type { CalibrationVersion } from '../../shared/contract/calibration.ts'
import type { Figure } from '../../shared/contract/figures.ts'
import type { ModelSummary, Run } from '../../shared/contract/runs.ts'
import type { ComparisonTable, Statistics } from '../../shared/contract/statistics.ts'
import type { WorkspaceSummary } from '../../shared/contract/workspace.ts'
import { escapeHtml } from '../../shared/escape-html.ts'
import { termTitle } from '../../shared/terms.ts'
import { formatCount, formatEstimate, formatInstant, formatPercent, formatValue } from '../../shared/units.ts'
import { details, paragraph, tableHtml } from './html.ts'
import { REPORT_STYLE } from './style.ts'

/** What a report tells of a workspace. */
export interface ReportContent {
  /** When it was made, as ISO 8601. */
  at: string
  workspace: Pick<WorkspaceSummary, 'name' | 'counts' | 'calibration' | 'version'>
  /** Figures with their pictures as PNG; null: there is nothing to draw. */
  figures: readonly { figure: Figure; png: Uint8Array | null }[]
  statistics: readonly Statistics[]
  /** Newest first. */
  calibrations: readonly CalibrationVersion[]
  models: readonly ModelSummary[]
  runs: readonly Run[]
}

/** Loads nothing from anywhere: pictures and style are in the page. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** A report as one self-contained HTML page. */
export function reportPage(content: ReportContent): string {
  const { workspace, at } = content
  const sections = [
    ['Figures', figuresHtml(content)],
    ['Significance', content.statistics.map(statisticsHtml).join('\n')],
    ['Calibration', calibrationHtml(content)],
    ['Provenance', provenanceHtml(content)],
  ] as const
  const links = sections.map(([title]) => `<a href="#${title.toLowerCase()}">${title}</a>`).join(' · ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(workspace.name)}: report</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body><main>',
    `<h1>${escapeHtml(workspace.name)}</h1>`,
    paragraph(`Report of ${formatInstant(at)}, made by Heatproof ${workspace.version}.`, 'muted'),
    paragraph(countsText(content)),
    `<nav>${links}</nav>`,
    ...sections.map(
      ([title, body]) => `<section id="${title.toLowerCase()}">\n<h2>${title}</h2>\n${body}\n</section>`,
    ),
    '</main></body>',
    '</html>',
    '',
  ].join('\n')
}

function countsText({ workspace: { counts, calibration } }: ReportContent): string {
  const of = ([what, count]: [string, number]) => `${what} ${formatCount(count)}`
  const { version, tau } = calibration
  return [
    ...Object.entries(counts).map(of),
    version === null
      ? `τ ${formatValue(tau, 2)}, not calibrated`
      : `τ ${formatValue(tau, 2)} of calibration ${version}`,
  ].join(' · ')
}

function figuresHtml({ figures }: ReportContent): string {
  return figures.map(({ figure, png }) => figureHtml(figure, png)).join('\n')
}

function figureHtml(figure: Figure, png: Uint8Array | null): string {
  const head = `<h3>${escapeHtml(figure.title)}</h3>`
  const notes = figure.notes.map((note) => paragraph(note, 'note'))
  if (png === null) return [head, paragraph(`Not drawn. ${figure.caption}`, 'muted'), ...notes].join('\n')
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  return [
    '<figure>',
    head,
    `<img src="${source}" alt="${escapeHtml(figure.title)}">`,
    `<figcaption>${escapeHtml(figure.caption)}</figcaption>`,
    ...notes,
    ...figure.panels.map((panel) =>
      details(`Numbers: ${panel.title}`, tableHtml(NUMBER_TITLES, numberRows(panel))),
    ),
    '</figure>',
  ].join('\n')
}

const NUMBER_TITLES = [
  'line',
  'category',
  'mean',
  '95 % interval',
  'over',
  'count',
  'out of range',
  'undefined',
]

function numberRows({ series, categories, baselines }: Figure['panels'][number]): string[][] {
  const lines = series.flatMap(({ label, over, points }) =>
    points.map((point) => [
      ...[label, categories[point.category] ?? '', number(point.mean), interval(point.low, point.high), over],
      ...[point.count, point.outOfRange, point.undefined].map(formatCount),
    ]),
  )
  return [...lines, ...baselines.map(({ name, value }) => [name, '', number(value), '', '', '', '', ''])]
}

function number(value: number | null): string {
  return value === null ? 'undefined' : formatValue(value)
}

function interval(low: number | null, high: number | null): string {
  return low === null || high === null ? 'undefined' : `${formatValue(low)} to ${formatValue(high)}`
}

function statisticsHtml({ tables, caption, notes }: Statistics): string {
  return [
    ...tables.map(comparisonHtml),
    paragraph(caption, 'caption'),
    ...notes.map((note) => paragraph(note, 'note')),
  ].join('\n')
}

const PAIR_TITLES = [
  ...['A', 'B', 'pairs', 'A − B', '95 % interval', 'p (t, Holm)', 'p (Wilcoxon, Holm)', 'p (Tukey HSD)'],
  'Cliff’s delta',
]

function comparisonHtml({ title, over, anova, pairs }: ComparisonTable): string {
  const variance =
    anova === null
      ? 'Analysis of variance: undefined.'
      : `Analysis of variance: F(${anova.betweenDegrees}, ${anova.withinDegrees}) = ${anova.f.toFixed(2)}, p ${probability(anova.p)}.`
  const rows = pairs.map((pair) => [
    ...[
      pair.left,
      pair.right,
      formatCount(pair.pairs),
      number(pair.difference),
      interval(pair.low, pair.high),
    ],
    ...[pair.tHolm, pair.wilcoxonHolm, pair.tukeyP].map(probability),
    number(pair.cliffsDelta),
  ])
  return [
    `<h3>${escapeHtml(`${title}, over ${over}`)}</h3>`,
    tableHtml(PAIR_TITLES, rows),
    paragraph(variance, 'muted'),
  ].join('\n')
}

function probability(p: number | null): string {
  return p === null ? 'undefined' : p < 0.0001 ? '< 0.0001' : p.toFixed(4)
}

function calibrationHtml({ calibrations }: ReportContent): string {
  if (calibrations.length === 0) {
    return paragraph(
      'No calibration is stored: scores use the default cap τ 0.80, and no threshold tells which maps fail.',
    )
  }
  const versions = tableHtml(
    [
      'version',
      'active',
      'metric',
      'failure mode',
      'τ',
      'θ',
      'ROC-AUC',
      'cross-validated AUC',
      'verdicts',
      'by',
      'at',
    ],
    calibrations.map(({ version, active, fit, createdBy, createdAt }) => [
      ...[String(version), active ? 'active' : '', termTitle(fit.metric), termTitle(fit.mode)],
      ...[
        fit.tau === null ? '' : formatEstimate(fit.tau, 2),
        formatEstimate(fit.theta),
        formatEstimate(fit.auc),
      ],
      ...[
        number(fit.crossValidation.auc),
        formatCount(fit.verdictIds.length),
        createdBy,
        formatInstant(createdAt),
      ],
    ]),
  )
  const shown = calibrations.find(({ active }) => active) ?? calibrations[0]
  return [versions, ...(shown === undefined ? [] : [fitHtml(shown)])].join('\n')
}

function fitHtml({ version, fit, newerVerdicts }: CalibrationVersion): string {
  return [
    `<h3>Version ${version}</h3>`,
    ...(newerVerdicts === 0
      ? []
      : [paragraph(`Stale: ${formatCount(newerVerdicts)} newer verdicts would change it.`, 'note')]),
    ...calibrationReport(fit).map(
      ({ title, sentences }) =>
        `<h4>${escapeHtml(title)}</h4>\n${sentences.map((line) => paragraph(line)).join('\n')}`,
    ),
    ...fit.warnings.map((warning) => paragraph(warning, 'note')),
    paragraph(`SHA-256 of its verdicts: ${fit.verdictHash}`, 'hash'),
  ].join('\n')
}

function provenanceHtml({ models, runs }: ReportContent): string {
  const modelRows = models.map(({ name, origin, accuracy, sha256 }) => [
    name,
    origin,
    accuracy === null ? 'not measured' : formatPercent(accuracy),
    sha256,
  ])
  const runRows = runs.map(
    ({ id, title, sampleSet, methods, seed, backend, device, versions, maps, createdAt }) => [
      ...[
        String(id),
        title,
        `${sampleSet.name}, seed ${sampleSet.seed}, ${formatCount(sampleSet.count)} sequences`,
      ],
      ...[
        methods.join(', '),
        String(seed),
        formatCount(maps),
        [backend, device].filter((part) => part !== null).join(', '),
      ],
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
      formatInstant(createdAt),
    ],
  )
  return [
    '<h3>Models</h3>',
    tableHtml(['model', 'origin', 'accuracy', 'SHA-256'], modelRows),
    '<h3>Runs</h3>',
    tableHtml(
      ['run', 'title', 'sequences', 'methods', 'seed', 'maps', 'computed on', 'versions', 'at'],
      runRows,
    ),
  ].join('\n')
}

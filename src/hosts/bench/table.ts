import { FORM_TITLES } from '../../shared/export-forms.ts'
import { formatBytes, formatCount } from '../../shared/units.ts'
import type { AppRow } from './app.ts'
import type { CalibrationRow } from './calibration.ts'
import type { ComputeRow } from './compute.ts'
import { EPOCH_STEPS } from './compute.ts'
import type { ExportRow } from './exports.ts'
import type { FigureRow } from './figures.ts'
import type { MemoryRow } from './memory.ts'
import type { PeerReport } from './peer.ts'
import { printTable } from './print-table.ts'
import type { ReviewReport } from './review.ts'
import { printUi, type UiReport } from './ui/report.ts'

export interface BenchReport {
  at: string
  node: string
  cpus: string
  cores: number
  compute: ComputeRow[]
  /** Seconds of an epoch of 48,000 sequences, from the time of a step. */
  epochs: { backend: string; architecture: string; seconds: number }[]
  app: AppRow[]
  memory: MemoryRow[]
  /** null: left out. */
  calibration: CalibrationRow | null
  /** null: left out. */
  exports: ExportRow[] | null
  /** null: left out. */
  figures: FigureRow[] | null
  /** null: left out. */
  peer: PeerReport | null
  /** null: left out. */
  review: ReviewReport | null
  /** null: left out. */
  ui: UiReport | null
  /** Backends that are not there, with the reason. */
  missing: { backend: string; reason: string }[]
}

export function epochsOf(compute: readonly ComputeRow[]): BenchReport['epochs'] {
  return compute
    .filter(({ task }) => task === 'train')
    .map(({ backend, architecture, milliseconds }) => ({
      backend,
      architecture,
      seconds: (milliseconds * EPOCH_STEPS) / 1000,
    }))
}

/** The report as people read it. */
export function printReport(report: BenchReport): string {
  const {
    compute,
    epochs,
    app,
    memory,
    calibration,
    exports,
    figures,
    peer,
    review,
    ui,
    missing,
    ...machine
  } = report
  return [
    `${machine.cpus}, ${machine.cores} cores, Node ${machine.node}, ${machine.at}`,
    ...missing.map(({ backend, reason }) => `${backend}: not there (${reason})`),
    '',
    printTable(
      [
        'backend',
        'architecture',
        'task',
        'workers',
        'ms',
        'from',
        'to',
        'sequences/s',
        'of product',
        'in kernels',
      ],
      compute.map((row) => [
        row.backend,
        row.architecture,
        row.task,
        String(row.workers),
        row.milliseconds.toFixed(1),
        row.fastest.toFixed(1),
        row.slowest.toFixed(1),
        row.sequencesPerSecond.toFixed(0),
        row.shareOfProduct.toFixed(3),
        row.inKernels.toFixed(2),
      ]),
    ),
    '',
    printTable(
      ['backend', 'architecture', 'seconds an epoch of 48,000'],
      epochs.map((row) => [row.backend, row.architecture, row.seconds.toFixed(1)]),
    ),
    '',
    printTable(
      ['backend', 's to serve', 's to first heatmap', 'verdict ms (median)', '(95th)'],
      app.map((row) => [
        row.backend,
        row.secondsToServe.toFixed(2),
        row.secondsToFirstHeatmap.toFixed(2),
        row.verdictMedian.toFixed(1),
        row.verdict95th.toFixed(1),
      ]),
    ),
    '',
    printTable(
      ['backend', 'sequences', 'maps', 'seconds', 'peak MB'],
      memory.map((row) => [
        row.backend,
        String(row.sequences),
        String(row.maps),
        row.seconds.toFixed(1),
        row.peakMegabytes.toFixed(0),
      ]),
    ),
    ...(calibration === null ? [] : ['', printCalibration(calibration)]),
    ...(exports === null ? [] : ['', printExports(exports)]),
    ...(figures === null ? [] : ['', printFigures(figures)]),
    ...(peer === null ? [] : ['', printPeer(peer)]),
    ...(review === null ? [] : ['', printReview(review)]),
    ...(ui === null ? [] : ['', printUi(ui)]),
  ].join('\n')
}

function printExports(rows: readonly ExportRow[]): string {
  return printTable(
    ['export as', 'maps', 'size', 'seconds', 'goal (seconds)'],
    rows.map(({ form, maps, bytes, seconds, goal }) => [
      FORM_TITLES[form].title,
      formatCount(maps),
      formatBytes(bytes),
      seconds.toFixed(1),
      goal.toFixed(0),
    ]),
  )
}

function printCalibration(row: CalibrationRow): string {
  return printTable(
    ['calibration of', 'metrics', 'resamples', 'seconds', 'CPU seconds', 'goal (seconds)'],
    [
      [
        `${row.verdicts.toLocaleString('en-US')} verdicts`,
        String(row.metrics),
        row.resamples.toLocaleString('en-US'),
        row.seconds.toFixed(2),
        row.processorSeconds.toFixed(2),
        row.goal.toFixed(0),
      ],
    ],
  )
}

function printFigures(rows: readonly FigureRow[]): string {
  return printTable(
    ['figure', 'maps', 'seconds', 'CPU seconds', 'goal (CPU)'],
    rows.map(({ figure, maps, seconds, processorSeconds, goal }) => [
      figure,
      maps.toLocaleString('en-US'),
      seconds.toFixed(2),
      processorSeconds.toFixed(2),
      goal.toFixed(0),
    ]),
  )
}

function printPeer({ rows, missing }: PeerReport): string {
  if (missing !== '') return `peer: skipped, ${missing}`
  return printTable(
    ['peer', 'architecture', 'task', 'ms', 'backend', 'this program / peer', 'from', 'to', 'goal'],
    rows.flatMap(({ peer, architecture, task, milliseconds, ratios }) =>
      ratios.map(({ backend, ratio, smallest, largest, goal }) => [
        peer,
        architecture,
        task,
        milliseconds.toFixed(1),
        backend,
        ...[ratio, smallest, largest].map((value) => value.toFixed(2)),
        goal?.toFixed(1) ?? '',
      ]),
    ),
  )
}

function printReview({ maps, rows, skipped }: ReviewReport): string {
  const milliseconds = (value: number | null) => value?.toFixed(1) ?? ''
  return [
    printTable(
      [
        `review of ${maps.toLocaleString('en-US')} maps`,
        ...['ms (median)', '(95th)', 'goal (95th)', 'engine blocked ms', 'engine CPU ms'],
      ],
      rows.map((row) => [
        row.task,
        milliseconds(row.median),
        milliseconds(row.slow),
        row.goal?.toFixed(0) ?? '',
        milliseconds(row.blocked),
        milliseconds(row.processor),
      ]),
    ),
    ...skipped.map(({ task, reason }) => `${task}: skipped, ${reason}`),
  ].join('\n')
}

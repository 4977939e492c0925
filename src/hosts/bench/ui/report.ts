import { quantile } from '../../../engine/calibration/bootstrap.ts'
import { printTable } from '../print-table.ts'

/** One thing that is felt. */
export interface UiRow {
  task: string
  unit: 'ms' | 'kB' | 'MB'
  median: number
  /** 95th percentile: what the bound is on. */
  slow: number
  /** How often it was measured. */
  count: number
  /** null: only reported. */
  bound: number | null
  /** null without a bound. */
  met: boolean | null
}

export interface UiReport {
  /** Share of the processors that were busy before the measurement, as the system's load average a core. */
  load: number
  maps: number
  rows: UiRow[]
  storm: StormReport | null
  /** The same, in short, with many more maps; null: left out. */
  large: { maps: number; pixels: string; rows: UiRow[] } | null
  /** Why nothing was measured in a browser; '' where it was. */
  skipped: string
}

/** Verdicts from several browsers at once. */
export interface StormReport {
  browsers: number
  seconds: number
  pressed: number
  stored: number
  /** Pressed but not stored, and stored more than once. */
  lost: number
  doubled: number
  /** Reviewers whose verdicts are stored in the order in which they pressed. */
  inOrder: number
  aSecond: number
  /** Verdicts a second, from all together, that were asked for. */
  asked: number
  /** From the key to the answer, which comes when the verdict is on disk. */
  latency: UiRow
  met: boolean
}

export function uiRow(
  task: string,
  values: readonly number[],
  bound: number | null,
  unit: UiRow['unit'] = 'ms',
): UiRow {
  const sorted = values.toSorted((a, b) => a - b)
  const [median, slow] = [quantile(sorted, 0.5), quantile(sorted, 0.95)]
  return { task, unit, median, slow, count: values.length, bound, met: bound === null ? null : slow <= bound }
}

/** The report as people read it. */
export function printUi({ maps, rows, storm, large, skipped, load }: UiReport): string {
  if (skipped !== '') return `what is felt: not measured, ${skipped}`
  return [
    `load a core before: ${load.toFixed(2)}`,
    printRows(maps, rows),
    ...(storm === null ? [] : ['', printStorm(storm)]),
    ...(large === null ? [] : ['', printRows(large.maps, large.rows), `pixels of a map: ${large.pixels}`]),
  ].join('\n')
}

function printRows(maps: number, rows: readonly UiRow[]): string {
  return printTable(
    [`felt with ${maps.toLocaleString('en-US')} maps`, 'median', '95th', 'bound', 'unit', 'times', ''],
    rows.map(({ task, median, slow, bound, unit, count, met }) => [
      task,
      median.toFixed(1),
      slow.toFixed(1),
      bound?.toFixed(0) ?? '',
      unit,
      String(count),
      met === null ? '' : met ? 'met' : 'NOT MET',
    ]),
  )
}

function printStorm({ latency, ...storm }: StormReport): string {
  return [
    `${storm.browsers} browsers, ${storm.seconds} s: ${storm.aSecond.toFixed(1)} verdicts a second of ${storm.asked}`,
    `${storm.pressed} pressed, ${storm.stored} stored, ${storm.lost} lost, ${storm.doubled} doubled; order kept for ${storm.inOrder} of ${storm.browsers}`,
    `key to stored: median ${latency.median.toFixed(1)} ms, 95th ${latency.slow.toFixed(1)} ms`,
    storm.met ? 'met' : 'NOT MET',
  ].join('\n')
}

import type { ChartConfiguration, Plugin } from 'chart.js'
import type { ArchitectureStyle } from './architecture-style.ts'
import type { Colours } from './colours.ts'
import { errorBars } from './error-bars.ts'
import { axis, baseOptions, CHART_FONT } from './options.ts'

/** A value in the plane of a figure: x is the category's index, shifted so that the intervals of lines do not cover each other. */
export interface FigureDatum {
  x: number
  /** NaN where there is no value, which leaves a gap in the line. */
  y: number
  low: number | null
  high: number | null
}

export interface FigureSeries<Datum extends FigureDatum> {
  label: string
  /** `hollow`: markers without a filling; default: those of dashed lines. */
  style: ArchitectureStyle & { hollow?: boolean }
  /** Whether a line connects the values; default: yes. */
  connected?: boolean
  data: Datum[]
}

export interface LineFigure<Datum extends FigureDatum> {
  title: string
  /** What stands below the figure at 0, 1, 2, …; several lines each if wanted. */
  categories: readonly (string | string[])[]
  /** Title of the value axis. */
  valueTitle: string
  range: { min: number; max: number }
  legend: boolean
  /** Room at the right for what plugins write there. */
  rightMargin: number
  series: readonly FigureSeries<Datum>[]
  /** Lines of the tooltip of a value. */
  describe: (label: string, datum: Datum) => string[]
  plugins: Plugin[]
}

/** Share of the distance between two categories that all lines may be spread over, and the most between two lines. */
const SPREAD = 0.5
const MOST_APART = 0.1

/** How far the values of a line stand beside their category. */
export function shiftOf(line: number, lines: number): number {
  return (line - (lines - 1) / 2) * Math.min(MOST_APART, SPREAD / Math.max(1, lines))
}

/** Smallest range in tenths that holds all values. */
export function rangeInTenths(values: readonly (number | null)[]): { min: number; max: number } {
  const numbers = values.filter((value) => value !== null)
  if (numbers.length === 0) return { min: 0, max: 1 }
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
  return { min: Math.floor(min * 10 - 0.2) / 10, max: Math.ceil(max * 10 + 0.2) / 10 }
}

/** Lines with markers and intervals over categories. */
export function lineFigure<Datum extends FigureDatum>(
  figure: LineFigure<Datum>,
  colours: Colours,
): ChartConfiguration {
  const { title, categories, valueTitle, range, legend, rightMargin, series, describe, plugins } = figure
  const base = baseOptions(colours)
  const categoryAxis = axis(colours, '', { min: -0.5, max: categories.length - 0.5 })
  return {
    type: 'line',
    data: {
      datasets: series.map(({ label, style, data, connected = true }) => ({
        label,
        data,
        borderColor: colours(style.colour),
        backgroundColor: colours(style.colour),
        borderWidth: 1.5,
        borderDash: style.dash,
        showLine: connected,
        pointBackgroundColor: colours((style.hollow ?? style.dash.length > 0) ? '--surface-1' : style.colour),
        pointStyle: style.marker,
        rotation: style.rotation,
        pointRadius: 4.5,
        pointHoverRadius: 6,
        pointBorderWidth: style.marker === 'star' || style.marker.startsWith('cross') ? 2 : 1.5,
      })),
    },
    options: {
      ...base,
      layout: { padding: { right: rightMargin, top: 4 } },
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: {
          ...categoryAxis,
          afterBuildTicks: (scale) => {
            scale.ticks = categories.map((_, index) => ({ value: index }))
          },
          ticks: {
            ...categoryAxis.ticks,
            autoSkip: false,
            maxRotation: 40,
            callback: (value) => categories[Number(value)] ?? '',
          },
        },
        y: axis(colours, valueTitle, range),
      },
      plugins: {
        ...base.plugins,
        title: {
          display: true,
          text: title,
          color: colours('--text-1'),
          font: { ...CHART_FONT, size: 13, weight: 600 },
          align: 'start',
          padding: { bottom: 12 },
        },
        legend: {
          display: legend,
          position: 'bottom',
          align: 'start',
          labels: {
            usePointStyle: true,
            boxHeight: 8,
            color: colours('--text-2'),
            font: CHART_FONT,
            padding: 14,
          },
        },
        tooltip: {
          ...base.plugins?.tooltip,
          callbacks: {
            title: ([item]) => {
              const datum = series[item?.datasetIndex ?? -1]?.data[item?.dataIndex ?? -1]
              return categories[Math.round(datum?.x ?? -1)] ?? ''
            },
            label: (item) => {
              const line = series[item.datasetIndex]
              const datum = line?.data[item.dataIndex]
              return line !== undefined && datum !== undefined ? describe(line.label, datum) : ''
            },
          },
        },
      },
    },
    plugins: [...plugins, errorBars],
  }
}

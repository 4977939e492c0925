import type { ChartConfiguration } from 'chart.js'
import { formatValue, plural } from '../../shared/units.ts'
import { BASELINE_MARGIN, baselinePlugin, baselinesOf } from './baselines.ts'
import type { Colours } from './colours.ts'
import { errorBars } from './error-bars.ts'
import { axis, baseOptions, CHART_FONT } from './options.ts'
import { seriesOf, type PlotDatum, type PlotPanel } from './point-plot.ts'

export interface PointPlotLook {
  methods: readonly string[]
  /** Title of the value axis. */
  valueTitle: string
  range: { min: number; max: number }
  /** Draws the legend into the picture; on screen it stands once above all panels. */
  legend: boolean
}

function describe(label: string, { point }: PlotDatum): string[] {
  const interval = `${formatValue(point.mean)} [${formatValue(point.low)}, ${formatValue(point.high)}]`
  const odd = [
    ...(point.outOfRange > 0 ? [`${plural(point.outOfRange, 'map')} out of range`] : []),
    ...(point.undefined > 0 ? [`${plural(point.undefined, 'map')} undefined`] : []),
  ]
  return [`${label}  ${interval}`, [plural(point.count, 'map'), ...odd].join(', ')]
}

/** The point plot of the field: a metric by method, one line per architecture, intervals, and the two baselines. */
export function pointPlotChart(panel: PlotPanel, look: PointPlotLook, colours: Colours): ChartConfiguration {
  const { methods, valueTitle, range, legend } = look
  const base = baseOptions(colours)
  const methodAxis = axis(colours, '', { min: -0.5, max: methods.length - 0.5 })
  const valueAxis = axis(colours, valueTitle, range)
  const series = seriesOf(panel, methods)
  return {
    type: 'line',
    data: {
      datasets: series.map(({ label, style, data }) => ({
        label,
        data,
        borderColor: colours(style.colour),
        backgroundColor: colours(style.colour),
        borderWidth: 1.5,
        borderDash: style.dash,
        pointBackgroundColor: colours(style.dash.length > 0 ? '--surface-1' : style.colour),
        pointStyle: style.marker,
        rotation: style.rotation,
        pointRadius: 4.5,
        pointHoverRadius: 6,
        pointBorderWidth: style.marker === 'star' || style.marker.startsWith('cross') ? 2 : 1.5,
      })),
    },
    options: {
      ...base,
      layout: { padding: { right: BASELINE_MARGIN, top: 4 } },
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: {
          ...methodAxis,
          afterBuildTicks: (scale) => {
            scale.ticks = methods.map((_, index) => ({ value: index }))
          },
          ticks: {
            ...methodAxis.ticks,
            autoSkip: false,
            maxRotation: 40,
            callback: (value) => methods[Number(value)] ?? '',
          },
        },
        y: valueAxis,
      },
      plugins: {
        ...base.plugins,
        title: {
          display: true,
          text: panel.title,
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
            title: ([item]) =>
              series[item?.datasetIndex ?? -1]?.data[item?.dataIndex ?? -1]?.point.method ?? '',
            label: (item) => {
              const line = series[item.datasetIndex]
              const datum = line?.data[item.dataIndex]
              return line !== undefined && datum !== undefined ? describe(line.label, datum) : ''
            },
          },
        },
      },
    },
    plugins: [baselinePlugin(baselinesOf(panel), colours), errorBars],
  }
}

import type { ChartConfiguration } from 'chart.js'
import { formatValue, plural } from '../../shared/units.ts'
import { BASELINE_MARGIN, baselinePlugin, baselinesOf } from './baselines.ts'
import type { Colours } from './colours.ts'
import { lineFigure } from './line-figure.ts'
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
  return lineFigure(
    {
      title: panel.title,
      categories: methods,
      valueTitle,
      range,
      legend,
      rightMargin: BASELINE_MARGIN,
      series: seriesOf(panel, methods),
      describe,
      plugins: [baselinePlugin(baselinesOf(panel), colours)],
    },
    colours,
  )
}

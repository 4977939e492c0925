import type { ChartConfiguration } from 'chart.js'
import type { Figure, FigurePanel, FigurePoint, FigureSeries, Spread } from '../shared/contract/figures.ts'
import { formatValue, plural } from '../shared/units.ts'
import { architectureStyle, type ArchitectureStyle } from './architecture-style.ts'
import { BASELINE_MARGIN, baselinePlugin } from './baselines.ts'
import type { Colours } from './colours.ts'
import { emptyPanelLines, messagePlugin } from './empty-panel.ts'
import { lineFigure, rangeInTenths, shiftOf, type FigureDatum } from './line-figure.ts'
import { violins } from './violins.ts'

interface PlotDatum extends FigureDatum {
  point: FigurePoint
  /** Set where it is drawn as a violin. */
  spread: Spread | null
  room: number
}

/** Violins and shares of a distribution need more room beside each other than points do. */
const VIOLIN_SPREAD = 0.8

/** A panel of a figure, or what it lacks where no map has a value. Panels that draw the same kind of value have the same range, see {@link panelRange}. `networks`: see {@link architectureStyle}. */
export function figureChart(
  panel: FigurePanel,
  range: { min: number; max: number },
  colours: Colours,
  networks: readonly string[],
): ChartConfiguration {
  const { title, valueTitle, series, kind } = panel
  const lacks = emptyPanelLines(panel)
  const baselines = lacks.length === 0 ? panel.baselines : []
  const config = lineFigure(
    {
      title,
      categories: panel.categories.map((name) => (name.includes(', ') ? name.split(', ') : name)),
      valueTitle,
      range,
      legend: false,
      rightMargin: baselines.length > 0 ? BASELINE_MARGIN : 12,
      series: series.map((line, index) => ({
        label: line.label,
        style: seriesStyle(line, networks),
        connected: kind === 'points' && panel.by !== 'effect' && line.source !== 'verdicts',
        data: line.points.map((point) => datumOf(point, index, panel)),
      })),
      describe: (label, datum) => describe(panel, label, datum),
      plugins:
        lacks.length === 0 ? [baselinePlugin(baselines, colours), violins] : [messagePlugin(lacks, colours)],
    },
    colours,
  )
  return lacks.length === 0 ? config : withoutScale(config)
}

/** Categories alone: a value axis without values would make its numbers up. */
function withoutScale(config: ChartConfiguration): ChartConfiguration {
  const { x } = config.options?.scales ?? {}
  const scales = { x: { ...x, grid: { display: false } }, y: { type: 'linear' as const, display: false } }
  return { ...config, options: { ...config.options, scales } }
}

/** What the metric says is drawn hollow where verdicts stand beside it. */
export function seriesStyle(
  { architecture, label, source }: FigureSeries,
  networks: readonly string[],
): ArchitectureStyle & { hollow: boolean } {
  const isOfMetric = source === 'metric' && label.endsWith('(metric)')
  const style = architectureStyle(architecture, label.replace(/ \((metric|verdicts)\)$/, ''), networks)
  return { ...style, hollow: isOfMetric || style.dash.length > 0, dash: isOfMetric ? [2, 4] : style.dash }
}

function datumOf(point: FigurePoint, index: number, { series, kind }: FigurePanel): PlotDatum {
  const isSpread = kind === 'distribution'
  const step = VIOLIN_SPREAD / Math.max(1, series.length)
  const shift = isSpread ? (index - (series.length - 1) / 2) * step : shiftOf(index, series.length)
  return {
    x: point.category + shift,
    y: (isSpread ? point.spread?.quantiles[2] : point.mean) ?? NaN,
    low: isSpread ? null : point.low,
    high: isSpread ? null : point.high,
    point,
    spread: isSpread ? point.spread : null,
    room: step * 0.45,
  }
}

function describe({ by, kind }: FigurePanel, label: string, { point }: PlotDatum): string[] {
  const { mean, low, high, count, outOfRange, undefined: without, spread } = point
  const odd = [
    ...(outOfRange > 0 ? [`${plural(outOfRange, 'map')} out of range`] : []),
    ...(without > 0 ? [`${plural(without, 'map')} undefined`] : []),
  ]
  const counts = [plural(count, by === 'effect' ? 'pair' : 'map'), ...odd].join(', ')
  if (kind === 'distribution' && spread !== null) {
    const [, q25, median, q75] = spread.quantiles.map((value) => formatValue(value))
    return [`${label}  median ${median ?? ''}, middle half ${q25 ?? ''} to ${q75 ?? ''}`, counts]
  }
  return [`${label}  ${formatValue(mean)} [${formatValue(low)}, ${formatValue(high)}]`, counts]
}

/** The range of a panel: in tenths, holding all values of the panels of its figure that have its kind of value axis. */
export function panelRange(
  { panels }: Pick<Figure, 'panels'>,
  panel: FigurePanel,
): { min: number; max: number } {
  const alike = panels.filter((other) => axisOf(other) === axisOf(panel))
  const values = alike.flatMap(({ series, baselines, kind }) => [
    ...baselines.map(({ value }) => value),
    ...series.flatMap(({ points }) =>
      points.flatMap(({ mean, low, high, spread }) =>
        kind === 'distribution'
          ? [spread?.quantiles[0] ?? null, spread?.quantiles[4] ?? null]
          : [mean, low, high],
      ),
    ),
  ])
  return rangeInTenths(values)
}

/** The plain and the capped percentage share an axis; differences and shares of maps have their own. */
function axisOf({ by, quantity }: FigurePanel): string {
  return by === 'effect' ? by : quantity.replace('capped_', '')
}

/** Each line of a figure once, for its legend. */
export function legendOf({ panels }: Pick<Figure, 'panels'>): FigureSeries[] {
  const lines = panels.flatMap(({ series }) => series)
  return [...new Map(lines.map((line) => [line.label, line])).values()]
}

/** A strip with the legend of a figure and nothing else. */
export function legendChart(
  lines: readonly FigureSeries[],
  colours: Colours,
  networks: readonly string[],
): ChartConfiguration {
  const { data, options } = lineFigure<FigureDatum>(
    {
      title: '',
      categories: [],
      valueTitle: '',
      range: { min: 0, max: 1 },
      legend: true,
      rightMargin: 0,
      series: lines.map((line) => ({
        label: line.label,
        style: seriesStyle(line, networks),
        connected: true,
        data: [],
      })),
      describe: () => [],
      plugins: [],
    },
    colours,
  )
  const hidden = { type: 'linear' as const, display: false }
  return {
    type: 'line',
    data,
    options: {
      ...options,
      layout: { padding: 0 },
      scales: { x: hidden, y: hidden },
      plugins: {
        ...options?.plugins,
        title: { display: false },
        legend: { ...options?.plugins?.legend, position: 'chartArea' },
      },
    },
  }
}

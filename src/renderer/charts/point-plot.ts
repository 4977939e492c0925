import type { PlotPoint, PointPlot } from '../../shared/contract/figures.ts'
import type { z } from 'zod'
import { architectureStyle } from './architecture-style.ts'
import { rangeInTenths, shiftOf, type FigureDatum, type FigureSeries } from './line-figure.ts'

export type PlotPanel = PointPlot['panels'][number]
type Point = z.infer<typeof PlotPoint>

export interface PlotDatum extends FigureDatum {
  point: Point
}

export type PlotSeries = FigureSeries<PlotDatum>

/** Lines of a panel, each point above its method. Methods without a point in a line are left out of it. */
export function seriesOf(panel: PlotPanel, methods: readonly string[]): PlotSeries[] {
  return panel.lines.map((line, index) => {
    const shift = shiftOf(index, panel.lines.length)
    const byMethod = new Map(line.points.map((point) => [point.method, point]))
    const data = methods.flatMap((method, position): PlotDatum[] => {
      const point = byMethod.get(method)
      if (point === undefined) return []
      return [{ x: position + shift, y: point.mean ?? NaN, low: point.low, high: point.high, point }]
    })
    return { label: line.label, style: architectureStyle(line.architecture, line.label), data }
  })
}

/** Smallest range in tenths that holds every mean, interval and baseline of all panels, so that panels can be compared. */
export function valueRange(panels: readonly PlotPanel[]): { min: number; max: number } {
  const values = panels.flatMap((panel) => [
    panel.uniform,
    panel.random,
    ...panel.lines.flatMap((line) => line.points.flatMap(({ mean, low, high }) => [mean, low, high])),
  ])
  return rangeInTenths(values)
}

export interface Tally {
  maps: number
  outOfRange: number
  undefined: number
  noRelevance: number
}

/** Maps in the plot, and how many of them have a value that is out of range, undefined, or comes from no relevance. */
export function tallyOf(plot: Pick<PointPlot, 'panels'>): Tally {
  const points = plot.panels.flatMap((panel) => panel.lines.flatMap((line) => line.points))
  const sum = (count: (point: Point) => number): number =>
    points.reduce((total, point) => total + count(point), 0)
  return {
    maps: sum((point) => point.count),
    outOfRange: sum((point) => point.outOfRange),
    undefined: sum((point) => point.undefined),
    noRelevance: sum((point) => point.noRelevance),
  }
}

import type { PlotPoint, PointPlot } from '../../shared/contract/figures.ts'
import type { z } from 'zod'
import { architectureStyle, type ArchitectureStyle } from './architecture-style.ts'

export type PlotPanel = PointPlot['panels'][number]
type Point = z.infer<typeof PlotPoint>

/** A mean in the plane of the plot: x is the method's index, shifted so that the intervals of lines do not cover each other. */
export interface PlotDatum {
  x: number
  /** NaN where there is no mean, which leaves a gap in the line. */
  y: number
  low: number | null
  high: number | null
  point: Point
}

export interface PlotSeries {
  label: string
  style: ArchitectureStyle
  data: PlotDatum[]
}

/** Share of the distance between two methods that all lines of a panel may be spread over, and the most between two lines. */
const SPREAD = 0.5
const MOST_APART = 0.1

/** Lines of a panel, each point above its method. Methods without a point in a line are left out of it. */
export function seriesOf(panel: PlotPanel, methods: readonly string[]): PlotSeries[] {
  const lines = panel.lines.length
  const apart = Math.min(MOST_APART, SPREAD / Math.max(1, lines))
  return panel.lines.map((line, index) => {
    const shift = (index - (lines - 1) / 2) * apart
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
  const numbers = values.filter((value) => value !== null)
  if (numbers.length === 0) return { min: 0, max: 1 }
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
  return { min: Math.floor(min * 10 - 0.2) / 10, max: Math.ceil(max * 10 + 0.2) / 10 }
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

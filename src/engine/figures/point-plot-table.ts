import type { PointPlot } from '../../shared/contract/figures.ts'
import { writeCsv } from '../exchange/csv.ts'

const COLUMNS = [
  'dataset',
  'architecture',
  'method',
  'metric',
  'tau',
  'mean',
  'low',
  'high',
  'interval_over',
  'count',
  'out_of_range',
  'undefined',
  'no_relevance',
  'uniform_mean',
  'random_mean',
]

/** The numbers of a point plot as CSV, one row a point. */
export function pointPlotCsv({ metric, tau, panels }: PointPlot): string {
  const rows = panels.flatMap(({ dataset, lines, uniform, random }) =>
    lines.flatMap(({ architecture, over, points }) =>
      points.map((point) => [
        dataset,
        architecture,
        point.method,
        metric,
        tau,
        point.mean,
        point.low,
        point.high,
        over,
        point.count,
        point.outOfRange,
        point.undefined,
        point.noRelevance,
        uniform,
        random,
      ]),
    ),
  )
  return writeCsv(COLUMNS, rows)
}

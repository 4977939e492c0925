import { z } from 'zod'
import { MapFilter, Metric } from './common.ts'

export const PointPlotRequest = z.object({
  metric: Metric,
  /** Which cap: the active calibration's, or the default 0.8. */
  calibrated: z.boolean().default(true),
  /** Only maps whose consensus verdict is `accept`. */
  auditedOnly: z.boolean().default(false),
  filter: MapFilter.default({}),
})
export type PointPlotRequest = z.infer<typeof PointPlotRequest>

export const PlotPoint = z.object({
  method: z.string(),
  mean: z.number().nullable(),
  /** 95 % interval of the mean. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  count: z.int(),
  outOfRange: z.int(),
  undefined: z.int(),
  noRelevance: z.int(),
})

export const PointPlot = z.object({
  metric: Metric,
  tau: z.number(),
  methods: z.array(z.string()),
  panels: z.array(
    z.object({
      dataset: z.string(),
      title: z.string(),
      lines: z.array(
        z.object({
          architecture: z.string(),
          label: z.string(),
          /** What the intervals are over. */
          over: z.enum(['folds', 'sequences']),
          points: z.array(PlotPoint),
        }),
      ),
      /** Means of the metric over the same samples, for a map that is the same everywhere and for seeded random maps. */
      uniform: z.number().nullable(),
      random: z.number().nullable(),
    }),
  ),
  /** A sentence for a caption. */
  caption: z.string(),
})
export type PointPlot = z.infer<typeof PointPlot>

export const figuresContract = {
  'figures.pointPlot': { input: PointPlotRequest, output: PointPlot },
}

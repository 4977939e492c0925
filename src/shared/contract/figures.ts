import { z } from 'zod'
import { FIGURE_NAMES } from '../figures.ts'
import { Id, MapFilter, Metric } from './common.ts'

export const FigureRequest = z.object({
  name: z.enum(FIGURE_NAMES),
  /** For figures whose metric may be chosen; default: that of the figure. */
  metric: Metric.optional(),
  /** The cap: of the active calibration, the default 0.8, or a number. */
  tau: z.union([z.enum(['active', 'default']), z.number().min(0).max(1)]).default('active'),
  /** Only maps whose consensus verdict is `accept`. */
  auditedOnly: z.boolean().default(false),
  filter: MapFilter.default({}),
})
export type FigureRequest = z.infer<typeof FigureRequest>

/** How values are spread. */
export const Spread = z.object({
  /** The 5th, 25th, 50th, 75th and 95th percentile. */
  quantiles: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  /** Parts of the values in equally wide bins from `low` to `high`, the least and the largest value within the quantiles 0.5 and 99.5 %. */
  low: z.number(),
  high: z.number(),
  bins: z.array(z.number()),
})
export type Spread = z.infer<typeof Spread>

export const FigurePoint = z.object({
  /** Place in the panel's categories. */
  category: z.int(),
  /** null: no map has a value. */
  mean: z.number().nullable(),
  /** 95 % interval of the mean. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Maps, or pairs of maps, with a value. */
  count: z.int(),
  outOfRange: z.int(),
  undefined: z.int(),
  noRelevance: z.int(),
  /** null in figures of means. */
  spread: Spread.nullable(),
})
export type FigurePoint = z.infer<typeof FigurePoint>

export const FIGURE_SOURCES = ['metric', 'verdicts', 'difference'] as const

export const FigureSeries = z.object({
  /** `rlstm`; `rlstm-SD` and `rlstm-random-labels` are lines of their own. */
  architecture: z.string(),
  label: z.string(),
  /** Where the values come from: a metric, reviewers' verdicts, or differences of paired maps. */
  source: z.enum(FIGURE_SOURCES),
  /** What the intervals are over. */
  over: z.enum(['folds', 'sequences']),
  points: z.array(FigurePoint),
})
export type FigureSeries = z.infer<typeof FigureSeries>

export const FigurePanel = z.object({
  dataset: z.string(),
  title: z.string(),
  kind: z.enum(['points', 'distribution']),
  /** What is drawn: a metric, or a name of `QUANTITY_TITLES`. */
  quantity: z.string(),
  valueTitle: z.string(),
  /** What the categories are. */
  by: z.enum(['method', 'position', 'effect']),
  categories: z.array(z.string()),
  series: z.array(FigureSeries),
  /** Values that are drawn across the panel, e.g. of the uniform and the random map over the same sequences. */
  baselines: z.array(z.object({ name: z.string(), value: z.number() })),
})
export type FigurePanel = z.infer<typeof FigurePanel>

export const FigurePicture = z.object({
  mapId: Id,
  dataset: z.string(),
  architecture: z.string(),
  label: z.string(),
  fold: z.int(),
  method: z.string(),
  /** Label of the sample. */
  sampleLabel: z.int(),
  rows: z.int(),
  columns: z.int(),
  shares: z.array(z.number()),
  marks: z.array(z.int()),
  percentage: z.number(),
  capped: z.number(),
})
export type FigurePicture = z.infer<typeof FigurePicture>

export const Figure = z.object({
  name: z.enum(FIGURE_NAMES),
  title: z.string(),
  tau: z.number(),
  /** Sentences for a caption. */
  caption: z.string(),
  /** What is missing or must not be concluded; empty as a rule. */
  notes: z.array(z.string()),
  /** Maps that are drawn. */
  maps: z.int(),
  panels: z.array(FigurePanel),
  pictures: z.array(FigurePicture),
  /** All networks from elsewhere of the workspace, oldest first: by them each has a look of its own. */
  networks: z.array(z.string()),
})
export type Figure = z.infer<typeof Figure>

export const figuresContract = {
  'figures.draw': { input: FigureRequest, output: Figure },
}

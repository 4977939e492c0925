import { z } from 'zod'
import { FigureRequest } from './figures.ts'
import { Metric } from './common.ts'

export const COMPARED = ['methods', 'architectures'] as const
export const UNITS = ['folds', 'sequences'] as const

export const StatisticsRequest = FigureRequest.omit({ name: true, metric: true }).extend({
  metric: Metric.default('capped_percentage'),
  /** What is compared: methods within each architecture, or architectures within each method. */
  compare: z.enum(COMPARED).default('methods'),
  /** What a pair is: the means of one fold, or of one sequence. `auto`: folds where all have three or more. */
  over: z.enum(['auto', ...UNITS]).default('auto'),
})
export type StatisticsRequest = z.infer<typeof StatisticsRequest>

/** null: undefined. */
const Value = z.number().nullable()

/** Two of the compared, over the folds or sequences that both have. null: undefined. */
export const ComparedPair = z.object({
  left: z.string(),
  right: z.string(),
  /** Folds or sequences that both have. */
  pairs: z.int(),
  leftMean: Value,
  rightMean: Value,
  /** Mean of left minus right, and its 95 % interval. */
  difference: Value,
  low: Value,
  high: Value,
  t: Value,
  tP: Value,
  tHolm: Value,
  wilcoxon: Value,
  wilcoxonP: Value,
  wilcoxonHolm: Value,
  /** Of Tukey's HSD after the analysis of variance. */
  tukeyP: Value,
  cliffsDelta: Value,
})
export type ComparedPair = z.infer<typeof ComparedPair>

export const ComparisonTable = z.object({
  dataset: z.string(),
  /** The architecture or method within which the others are compared. */
  within: z.string(),
  title: z.string(),
  over: z.enum(UNITS),
  /** One-way analysis of variance over all that are compared; null: undefined. */
  anova: z
    .object({ f: z.number(), betweenDegrees: z.int(), withinDegrees: z.int(), p: z.number() })
    .nullable(),
  pairs: z.array(ComparedPair),
})
export type ComparisonTable = z.infer<typeof ComparisonTable>

export const Statistics = z.object({
  metric: Metric,
  tau: z.number(),
  compare: z.enum(COMPARED),
  /** What was compared, over what, and how p values are to be read. */
  caption: z.string(),
  notes: z.array(z.string()),
  tables: z.array(ComparisonTable),
})
export type Statistics = z.infer<typeof Statistics>

export const statisticsContract = {
  'figures.statistics': { input: StatisticsRequest, output: Statistics },
}

import type { PlotPoint, PointPlot } from '../../shared/contract/figures.ts'
import type { z } from 'zod'
import {
  architectureKeyLabel,
  ARCHITECTURE_NAMES,
  DATASETS,
  parseArchitectureKey,
  type MetricName,
} from '../../shared/names.ts'
import { inUsualOrder } from '../../shared/methods.ts'
import type { MetricScore } from '../metrics/score.ts'
import { meanInterval, summarise } from '../metrics/summary.ts'
import { pointPlotCaption } from './caption.ts'

/** One map's score, and where it belongs in the plot. */
export interface PlottedScore extends Pick<MetricScore, 'value' | 'state'> {
  dataset: string
  /** `rlstm`; `rlstm-SD` and `rlstm-random-labels` are lines of their own. */
  architecture: string
  method: string
  fold: number
  sequenceId: number
  sampleId: number
}

export interface PlotFacts {
  metric: MetricName
  tau: number
  /** Which maps and which tau, for the caption. */
  source: string
  /** Maps that are left out since they explain another class than the label and the prediction. */
  otherClass: number
  baselines: BaselineMeans
}

type Panel = PointPlot['panels'][number]
type Line = Panel['lines'][number]

/** Means of what every metric says of maps that know nothing of the model, over these samples. */
export type BaselineMeans = (
  sampleIds: ReadonlySet<number>,
) => Promise<{ uniform: number | null; random: number | null }>

/**
 * The point plot of the field: mean of a metric by method, a panel a data set, a line an architecture. Intervals of a line
 * are over folds where all of its points have two folds or more, else over sequences.
 */
export async function pointPlot(
  scores: readonly PlottedScore[],
  { metric, tau, source, otherClass, baselines }: PlotFacts,
): Promise<PointPlot> {
  const methods = inUsualOrder(scores.map(({ method }) => method))
  const byDataset = [...Map.groupBy(scores, ({ dataset }) => dataset)].sort(([a], [b]) => (a < b ? -1 : 1))
  const panels: Panel[] = []
  for (const [dataset, members] of byDataset) {
    panels.push({
      ...panelOf(dataset, members, methods),
      ...(await baselines(new Set(members.map(({ sampleId }) => sampleId)))),
    })
  }
  const caption = pointPlotCaption(scores, panels, { metric, source, otherClass })
  return { metric, tau, methods, panels, caption }
}

function panelOf(
  dataset: string,
  scores: readonly PlottedScore[],
  methods: readonly string[],
): Omit<Panel, 'uniform' | 'random'> {
  const lines = [...Map.groupBy(scores, ({ architecture }) => architecture)]
    .map(([architecture, members]) => lineOf(architecture, members, methods))
    .sort((a, b) => placeOf(a.architecture) - placeOf(b.architecture))
  return { dataset, title: titleOf(dataset), lines }
}

function lineOf(architecture: string, scores: readonly PlottedScore[], methods: readonly string[]): Line {
  const byMethod = Map.groupBy(scores, ({ method }) => method)
  const overFolds = [...byMethod.values()].every(
    (members) => new Set(members.map(({ fold }) => fold)).size > 1,
  )
  return {
    architecture,
    label: architectureKeyLabel(architecture),
    over: overFolds ? 'folds' : 'sequences',
    points: methods.map((method) => pointOf(method, byMethod.get(method) ?? [], overFolds)),
  }
}

function pointOf(
  method: string,
  scores: readonly PlottedScore[],
  overFolds: boolean,
): z.infer<typeof PlotPoint> {
  const { mean, count, outOfRange, undefined: without, noRelevance } = summarise(scores)
  const values = scores.flatMap(({ value, fold, sequenceId }) =>
    value === null ? [] : [{ value, sequenceId, fold: overFolds ? fold : 0 }],
  )
  const interval = meanInterval(values)
  return {
    method,
    mean,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    count,
    outOfRange,
    undefined: without,
    noRelevance,
  }
}

/** Architectures in their usual order, each followed by its forms with stationary dropout and with random labels. */
function placeOf(key: string): number {
  const kind = parseArchitectureKey(key)
  if (kind === null) return Infinity
  const { architecture, stationaryDropout, labels } = kind
  return (
    4 * ARCHITECTURE_NAMES.indexOf(architecture) + 2 * Number(labels === 'random') + Number(stationaryDropout)
  )
}

function titleOf(dataset: string): string {
  return Object.entries(DATASETS).find(([name]) => name === dataset)?.[1] ?? dataset
}

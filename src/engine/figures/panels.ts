import type { FigurePanel } from '../../shared/contract/figures.ts'
import { inUsualOrder } from '../../shared/methods.ts'
import { DATASETS, type MetricName } from '../../shared/names.ts'
import { QUANTITY_TITLES } from '../../shared/figures.ts'
import { termTitle } from '../../shared/terms.ts'
import { hasTau } from '../metrics/score.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'
import type { FigureInput } from './figure-input.ts'
import { seriesOf, type SeriesOptions } from './series.ts'
import { metricColumn, type ValueColumn } from './value-column.ts'

/** Cells in groups that share a value, in the order of their first. */
export function grouped(
  cells: readonly Cell[],
  by: 'dataset' | 'architecture' | 'method',
): [string, Cell[]][] {
  return [...Map.groupBy(cells, (cell) => cell[by])]
}

export function datasetTitle(dataset: string): string {
  return Object.entries(DATASETS).find(([name]) => name === dataset)?.[1] ?? dataset
}

/** Title of a metric for an axis, with its cap where it has one. */
export function metricTitle(metric: MetricName, tau: number): string {
  return termTitle(metric) + (hasTau(metric) ? `, τ ${tau.toFixed(2)}` : '')
}

/** The same within a sentence: `capped percentage`, but `ROC-AUC`. */
export function metricInText(metric: MetricName, tau: number): string {
  const title = metricTitle(metric, tau)
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}

/** A panel of a data set by method, with a line an architecture and no baselines. `methods`: their order, instead of the usual one. */
export function methodPanel(
  maps: FigureMaps,
  [dataset, cells]: [string, Cell[]],
  column: ValueColumn,
  quantity: string,
  options: SeriesOptions & { title?: string; valueTitle?: string; methods?: readonly string[] } = {},
): FigurePanel {
  const present = inUsualOrder(cells.map(({ method }) => method))
  const categories = options.methods?.filter((method) => present.includes(method)) ?? present
  return {
    dataset,
    title: options.title ?? datasetTitle(dataset),
    kind: options.spread === true ? 'distribution' : 'points',
    quantity,
    valueTitle: options.valueTitle ?? QUANTITY_TITLES[quantity] ?? quantity,
    by: 'method',
    categories,
    series: grouped(cells, 'architecture').map(([, own]) =>
      seriesOf(maps, own, column, ({ method }) => categories.indexOf(method), options),
    ),
    baselines: [],
  }
}

/** A panel a data set with the mean of a metric by method, and what the uniform and the random map get over the same sequences. */
export async function metricPanels(
  { maps, tau, baselines, rest }: FigureInput,
  cells: readonly Cell[],
  metric: MetricName,
  options: SeriesOptions & { titleOf?: (dataset: string) => string; methods?: readonly string[] } = {},
): Promise<FigurePanel[]> {
  const column = metricColumn(maps, metric, tau)
  const panels: FigurePanel[] = []
  for (const [dataset, own] of grouped(cells, 'dataset')) {
    await rest()
    const title = options.titleOf?.(dataset) ?? datasetTitle(dataset)
    const look = { ...options, title, valueTitle: metricTitle(metric, tau) }
    panels.push({
      ...methodPanel(maps, [dataset, own], column, metric, look),
      baselines: await baselines(samplesOf(maps, own), metric),
    })
  }
  return panels
}

/** The panels of `first`, each with that of `second` for its data set beside it. */
export function besideEachOther(
  first: readonly FigurePanel[],
  second: readonly FigurePanel[],
): FigurePanel[] {
  return first.flatMap((panel) => [panel, ...second.filter(({ dataset }) => dataset === panel.dataset)])
}

function samplesOf({ sampleIds }: FigureMaps, cells: readonly Cell[]): Set<number> {
  const samples = new Set<number>()
  for (const { rows } of cells) for (const row of rows) samples.add(sampleIds[row] ?? 0)
  return samples
}

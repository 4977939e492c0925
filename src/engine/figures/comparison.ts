import type { ComparisonTable, Statistics, StatisticsRequest } from '../../shared/contract/statistics.ts'
import { architectureKeyLabel } from '../../shared/names.ts'
import { plural } from '../../shared/units.ts'
import { compareGroups, type ComparedGroup } from '../statistics/compare-groups.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'
import { cellsOf } from './figure-maps.ts'
import { datasetTitle, grouped, metricInText } from './panels.ts'
import { metricColumn } from './value-column.ts'

export interface ComparisonInput extends Pick<StatisticsRequest, 'metric' | 'compare' | 'over'> {
  maps: FigureMaps
  tau: number
  /** Where the cap is from and which maps are taken, for the caption. */
  source: string
  /** Lets other work go on where it has waited for long. */
  rest: () => Promise<void> | undefined
}

/** Folds that all must have before they are compared rather than sequences. */
const ENOUGH_FOLDS = 3

/** Compares methods within each architecture, or architectures within each method, a table each. */
export async function comparison(input: ComparisonInput): Promise<Statistics> {
  const { maps, tau, metric, compare, over, source, rest } = input
  const { values } = metricColumn(maps, metric, tau)
  const within = compare === 'methods' ? 'architecture' : 'method'
  const families = grouped(cellsOf(maps), 'dataset').flatMap(([dataset, inDataset]) =>
    grouped(inDataset, within).map(([name, members]) => ({ dataset, name, members })),
  )
  const tables: ComparisonTable[] = []
  for (const { dataset, name, members } of families) {
    const unit = over === 'auto' ? unitOf(maps, members) : over
    const groups = members.map((cell): ComparedGroup => ({
      name: compare === 'methods' ? cell.method : architectureKeyLabel(cell.architecture),
      values: meansOf(cell, values, unitAt(maps, unit)),
    }))
    tables.push({
      dataset,
      within: name,
      title: `${datasetTitle(dataset)}, ${compare} by ${metricInText(metric, tau)}: ${architectureKeyLabel(name)}`,
      over: unit,
      ...(await compareGroups(groups, rest)),
    })
  }
  const full = tables.filter(({ pairs }) => pairs.length > 0)
  return {
    metric,
    tau,
    compare,
    caption: captionOf({ metric, tau, source, maps: maps.count }),
    notes: notesOf(maps.count, tables, compare),
    tables: full,
  }
}

function captionOf({
  metric,
  tau,
  source,
  maps,
}: {
  metric: Statistics['metric']
  tau: number
  source: string
  maps: number
}) {
  return (
    `Paired comparisons of ${metricInText(metric, tau)} over ${plural(maps, 'map')} (${source}): ` +
    'each pair is the mean of one fold, or of one sequence, for both. ' +
    'p values of the paired t test and of Wilcoxon’s signed-rank test are two-sided and corrected together within a table after Holm; ' +
    'those of Tukey’s HSD follow a one-way analysis of variance, which takes all values as independent; delta is Cliff’s. ' +
    'Sequences of one model say how sure its means are, and nothing of models that were not trained.'
  )
}

function notesOf(maps: number, tables: readonly ComparisonTable[], compare: Statistics['compare']): string[] {
  if (maps === 0) return ['No maps match.']
  const single = tables.filter(({ pairs }) => pairs.length === 0)
  if (single.length === 0) return []
  const what = compare === 'methods' ? 'method' : 'architecture'
  return [
    `Nothing to compare, since there is one ${what} only: ${single.map(({ title }) => title).join('; ')}.`,
  ]
}

function foldsOf({ fold }: FigureMaps, { rows }: Cell): number {
  const seen = new Set<number>()
  for (const row of rows) seen.add(fold.codes[row] ?? 0)
  return seen.size
}

function unitOf(maps: FigureMaps, cells: readonly Cell[]): ComparisonTable['over'] {
  return cells.every((cell) => foldsOf(maps, cell) >= ENOUGH_FOLDS) ? 'folds' : 'sequences'
}

function unitAt(maps: FigureMaps, unit: ComparisonTable['over']): (row: number) => number {
  return unit === 'folds' ? (row) => maps.fold.codes[row] ?? 0 : (row) => maps.sequences[row] ?? 0
}

/** Mean of the defined values of each fold or sequence. */
function meansOf(
  { rows }: Cell,
  values: Float64Array,
  unitAtRow: (row: number) => number,
): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>()
  for (const row of rows) {
    const value = values[row] ?? NaN
    if (Number.isNaN(value)) continue
    const known = sums.get(unitAtRow(row))
    if (known === undefined) sums.set(unitAtRow(row), { sum: value, count: 1 })
    else {
      known.sum += value
      known.count += 1
    }
  }
  return new Map([...sums].map(([unit, { sum, count }]) => [unit, sum / count]))
}

import type { FigurePanel } from '../../shared/contract/figures.ts'
import { architectureKeyLabel } from '../../shared/names.ts'
import { plural } from '../../shared/units.ts'
import { wilsonInterval } from './clustered-mean.ts'
import { cellsOf, type Cell } from './figure-maps.ts'
import type { FigureContent, FigureInput, FailureRule } from './figure-input.ts'
import { datasetTitle, methodPanel, metricInText } from './panels.ts'
import { metricColumn, type ValueColumn } from './value-column.ts'

/** The share of maps with single-item dominance, by verdicts where there are some and by the rule elsewhere, told apart. */
export function dominanceRateFigure(input: FigureInput): FigureContent {
  const { maps, rule, verdicts } = input
  const verdictAt = (index: number) => verdicts.get(maps.mapIds[index] ?? 0)
  const reviewed = columnOf(maps.count, (index) => Number(verdictAt(index)?.dominates ?? NaN))
  const predicted = ruleColumn(input)
  const decidedCells = cellsOf(maps, (index) => verdictAt(index) !== undefined)
  const otherCells = cellsOf(maps, (index) => verdictAt(index) === undefined)
  const cells = cellsOf(maps)
  const datasets = [...new Set(cells.map(({ dataset }) => dataset))]
  const panels = datasets.map((dataset): FigurePanel => {
    const inDataset = (some: readonly Cell[]) => some.filter((cell) => cell.dataset === dataset)
    const all = methodPanel(maps, [dataset, inDataset(cells)], predicted, 'dominance_rate')
    const part = (some: readonly Cell[], column: ValueColumn, source: 'verdicts' | 'metric') =>
      methodPanel(maps, [dataset, inDataset(some)], column, 'dominance_rate', {
        interval: wilsonInterval,
        folds: false,
        source,
        weightOf: (index) => (source === 'verdicts' ? (verdictAt(index)?.weight ?? 1) : 1),
      })
    return {
      ...all,
      title: datasetTitle(dataset),
      series: [part(decidedCells, reviewed, 'verdicts'), part(otherCells, predicted, 'metric')].flatMap(
        ({ series, categories }) =>
          series.map((line) => ({
            ...line,
            label: `${architectureKeyLabel(line.architecture)} (${line.source === 'verdicts' ? 'verdicts' : 'metric'})`,
            points: line.points.map((point) => ({
              ...point,
              category: all.categories.indexOf(categories[point.category] ?? ''),
            })),
          })),
      ),
    }
  })
  const decided = decidedCells.reduce((sum, { rows }) => sum + rows.length, 0)
  return {
    cells,
    panels,
    subject: 'Share of maps with single-item dominance by architecture and method',
    sentences: [
      decided === 0
        ? `No map is decided by reviewers: all count by the rule ${ruleText(rule)}.`
        : `${plural(decided, 'map')} ${decided === 1 ? 'counts' : 'count'} by the consensus of reviewers (solid markers), weighted by the inverse probability of being drawn; the others by the rule ${ruleText(rule)} (hollow markers).`,
      'Intervals of the shares are Wilson intervals on the effective number of independent maps.',
    ],
  }
}

function columnOf(count: number, valueAt: (index: number) => number): ValueColumn {
  return {
    values: Float64Array.from({ length: count }, (_, index) => valueAt(index)),
    states: new Uint8Array(count),
  }
}

function ruleColumn({ maps, rule }: FigureInput): ValueColumn {
  const { values, states } = metricColumn(maps, rule.metric, rule.tau)
  const fails = (value: number) => (rule.direction === 'below' ? value < rule.theta : value > rule.theta)
  return { values: values.map((value) => (Number.isNaN(value) ? NaN : Number(fails(value)))), states }
}

function ruleText({ metric, tau, theta, direction, source }: FailureRule): string {
  const sign = direction === 'below' ? '<' : '>'
  return `${metricInText(metric, tau)} ${sign} ${theta.toFixed(3)} (${source})`
}

import type { FigurePanel, FigurePoint, FigureSeries } from '../../shared/contract/figures.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'
import { datasetTitle } from './panels.ts'
import { seriesOf } from './series.ts'
import type { ValueColumn } from './value-column.ts'

/** Two cells whose maps are compared one by one. */
export interface PairedCells {
  /** What the difference is called. */
  category: string
  first: Cell
  second: Cell
}

export interface PairedLine {
  architecture: string
  label: string
  pairs: readonly PairedCells[]
}

export interface PairedPanelRequest {
  dataset: string
  title: string
  quantity: string
  valueTitle: string
  categories: readonly string[]
  lines: readonly PairedLine[]
}

/**
 * A panel of mean differences, first minus second, over maps of the same sample and fold; 0 is drawn across it as 'no effect'.
 * Without a pair of cells there is none.
 */
export function pairedPanel(
  maps: FigureMaps,
  column: ValueColumn,
  { lines: asked, ...request }: PairedPanelRequest,
): FigurePanel[] {
  const { dataset, title, quantity, valueTitle, categories } = request
  const lines = asked.filter(({ pairs }) => pairs.length > 0)
  if (lines.length === 0) return []
  const panel: FigurePanel = {
    dataset,
    title: `${datasetTitle(dataset)}: ${title}`,
    kind: 'points',
    quantity,
    valueTitle,
    by: 'effect',
    categories: [...categories],
    series: lines.map(({ architecture, label, pairs }): FigureSeries => {
      const points = pairs.map((pair) => differenceOf(maps, column, pair, categories.indexOf(pair.category)))
      const overFolds = points.every(({ over }) => over === 'folds')
      return {
        architecture,
        label,
        source: 'difference',
        over: overFolds ? 'folds' : 'sequences',
        points: points.map(({ point }) => point),
      }
    }),
    baselines: [{ name: 'no effect', value: 0 }],
  }
  return [panel]
}

/** The mean difference of one pair of cells; each map has a partner of its sample and fold, or is left out. */
function differenceOf(
  maps: FigureMaps,
  { values }: ValueColumn,
  { first, second }: PairedCells,
  category: number,
): { point: FigurePoint; over: FigureSeries['over'] } {
  const keyOf = (row: number) => (maps.sampleIds[row] ?? 0) * FOLD_ROOM + (maps.fold.codes[row] ?? 0)
  const partners = new Map(Array.from(second.rows, (row) => [keyOf(row), row]))
  const differences = { values: new Float64Array(maps.count).fill(NaN), states: new Uint8Array(maps.count) }
  const rows = first.rows.filter((row) => {
    const partner = partners.get(keyOf(row))
    if (partner === undefined) return false
    differences.values[row] = (values[row] ?? NaN) - (values[partner] ?? NaN)
    return true
  })
  const { over, points } = seriesOf(maps, [{ ...first, rows }], differences, () => category)
  const [point] = points
  if (point === undefined) throw new Error('a difference without a point')
  return { point, over }
}

/** More than there are folds in a workspace: codes of folds are below it. */
const FOLD_ROOM = 65_536

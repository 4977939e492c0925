import type { FigurePanel } from '../../shared/contract/figures.ts'
import { QUANTITY_TITLES } from '../../shared/figures.ts'
import { cellsOf, type Cell, type FigureMaps } from './figure-maps.ts'
import type { FigureContent, FigureInput } from './figure-input.ts'
import { datasetTitle, grouped } from './panels.ts'
import { seriesOf } from './series.ts'
import { STATE_CODES, type ValueColumn } from './value-column.ts'

/** What samples without regions have. */
const NO_VALUES: ValueColumn = { values: new Float64Array(), states: new Uint8Array() }

/** The share of the relevance by position in the sequence, a panel a data set and method. */
export function positionFigure({ maps }: FigureInput): FigureContent {
  const cells = cellsOf(maps)
  const items = Math.max(0, ...cells.flatMap(({ rows }) => itemsOf(maps, rows[0] ?? 0)))
  const columns = Array.from({ length: items }, (_, item) => positionColumn(maps, item))
  return {
    cells,
    panels: grouped(cells, 'dataset').flatMap(([dataset, own]) =>
      grouped(own, 'method').map(([method, members]) =>
        positionPanel(maps, columns, dataset, method, members),
      ),
    ),
    subject: 'Mean share of the positive relevance by position in the sequence',
    sentences: [
      'Negative relevance counts as 0, so that shares of signed methods stay in [0, 1]; the line shows a map that is the same everywhere.',
    ],
  }
}

function itemsOf({ starts, ends }: FigureMaps, row: number): number {
  return (ends[row] ?? 0) - (starts[row] ?? 0)
}

function positionPanel(
  maps: FigureMaps,
  columns: readonly ValueColumn[],
  dataset: string,
  method: string,
  cells: readonly Cell[],
): FigurePanel {
  const items = itemsOf(maps, cells[0]?.rows[0] ?? 0)
  return {
    dataset,
    title: `${datasetTitle(dataset)}: ${method}`,
    kind: 'points',
    quantity: 'position_share',
    valueTitle: QUANTITY_TITLES['position_share'] ?? '',
    by: 'position',
    categories: Array.from({ length: items }, (_, item) => `item ${item + 1}`),
    series: grouped(cells, 'architecture').map(([, own]) => {
      const lines = columns.slice(0, items).map((column, item) => seriesOf(maps, own, column, () => item))
      const line = lines[0] ?? seriesOf(maps, own, NO_VALUES, () => 0)
      return { ...line, points: lines.flatMap(({ points }) => points) }
    }),
    baselines: items === 0 ? [] : [{ name: 'uniform', value: 1 / items }],
  }
}

/** The positive share of one item of every map; 0 for a map without relevance. */
function positionColumn(maps: FigureMaps, item: number): ValueColumn {
  const { count, starts, ends, sharesPositive } = maps
  const values = new Float64Array(count).fill(NaN)
  const states = new Uint8Array(count)
  for (let index = 0; index < count; index += 1) {
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0]
    if (start + item >= end) continue
    values[index] = sharesPositive[start + item] ?? NaN
    if (sharesPositive.subarray(start, end).every((share) => share === 0))
      states[index] = STATE_CODES.noRelevance
  }
  return { values, states }
}

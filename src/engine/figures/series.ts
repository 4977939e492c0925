import type { FigurePoint, FigureSeries } from '../../shared/contract/figures.ts'
import { architectureKeyLabel } from '../../shared/names.ts'
import { clusteredMean, studentInterval, type ClusteredMean, type Interval } from './clustered-mean.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'
import { spreadOf } from './spread.ts'
import { STATE_CODES, type ValueColumn } from './value-column.ts'

export interface SeriesOptions {
  /** Interval of a mean; default: Student's t. */
  interval?: (mean: ClusteredMean) => Interval
  /** Whether intervals are over folds where they can be; default: yes. */
  folds?: boolean
  weightOf?: (index: number) => number
  /** Whether points say how their values are spread. */
  spread?: boolean
  source?: FigureSeries['source']
  /** Default: that of the architecture. */
  label?: string
}

/**
 * The line of an architecture: a point a category. Intervals are over folds where all of its points have two folds or more, else
 * over sequences.
 *
 * @param cells of one data set and architecture
 * @param categoryOf place of a cell in the categories
 */
export function seriesOf(
  maps: FigureMaps,
  cells: readonly Cell[],
  column: ValueColumn,
  categoryOf: (cell: Cell) => number,
  options: SeriesOptions = {},
): FigureSeries {
  const architecture = cells[0]?.architecture ?? ''
  const overFolds =
    (options.folds ?? true) &&
    cells.every(({ rows }) => rows.some((row) => foldOf(maps, row) !== foldOf(maps, rows[0] ?? 0)))
  return {
    architecture,
    label: options.label ?? architectureKeyLabel(architecture),
    source: options.source ?? 'metric',
    over: overFolds ? 'folds' : 'sequences',
    points: cells
      .map((cell) => pointOf(maps, cell.rows, column, categoryOf(cell), overFolds, options))
      .sort((a, b) => a.category - b.category),
  }
}

function foldOf({ fold }: FigureMaps, row: number): number {
  return fold.codes[row] ?? 0
}

function pointOf(
  maps: FigureMaps,
  rows: Uint32Array,
  { values, states }: ValueColumn,
  category: number,
  overFolds: boolean,
  { interval = studentInterval, weightOf, spread = false }: SeriesOptions,
): FigurePoint {
  const mean = clusteredMean({
    rows,
    valueOf: (row) => values[row] ?? NaN,
    groupOf: overFolds ? (row) => foldOf(maps, row) : (row) => maps.sequences[row] ?? 0,
    groupRoom: overFolds ? maps.fold.values.length : maps.sequenceRoom,
    ...(weightOf === undefined ? {} : { weightOf }),
  })
  const inState = (code: number) => rows.reduce((sum, row) => sum + Number(states[row] === code), 0)
  return {
    category,
    mean: mean.count === 0 ? null : mean.mean,
    ...(mean.count === 0 ? { low: null, high: null } : interval(mean)),
    count: mean.count,
    outOfRange: inState(STATE_CODES.outOfRange),
    undefined: inState(STATE_CODES.undefined),
    noRelevance: inState(STATE_CODES.noRelevance),
    spread: spread
      ? spreadOf(Float64Array.from(rows, (row) => values[row] ?? NaN).filter((value) => !Number.isNaN(value)))
      : null,
  }
}

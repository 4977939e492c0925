import type { z } from 'zod'
import type { MatrixCell } from '../../shared/contract/runs.ts'
import { VERDICTS, type MetricName } from '../../shared/names.ts'
import { isOutOfRange } from '../metrics/score.ts'
import { valueAt } from './coded-column.ts'
import type { MapColumns } from './map-columns.ts'

type Cell = z.infer<typeof MatrixCell>

const FAIL = 1 + VERDICTS.indexOf('fail')

/** For each model and method that has maps: how many, the mean of the metric over its defined values, and verdicts. Maps of another class than label and prediction are counted apart. */
export function matrixCells(columns: MapColumns, metric: MetricName): Cell[] {
  const { facts, reviewers, count } = columns
  const values = columns.values[metric]
  const cells = new Map<number, Cell & { sum: number }>()
  for (let row = 0; row < count; row += 1) {
    const key = (facts.model.codes[row] ?? 0) * facts.method.values.length + (facts.method.codes[row] ?? 0)
    const cell = cells.get(key) ?? emptyCell(valueAt(facts.model, row), valueAt(facts.method, row))
    cells.set(key, cell)
    if (valueAt(facts.explained, row) === 'other') {
      cell.otherClass += 1
      continue
    }
    const value = values[row] ?? NaN
    cell.maps += 1
    if (Number.isNaN(value)) cell.undefined += 1
    else cell.sum += value
    if (isOutOfRange(value)) cell.outOfRange += 1
    if (reviewers.some(({ verdicts }) => verdicts[row] !== 0)) cell.reviewed += 1
    if (reviewers.some(({ verdicts }) => verdicts[row] === FAIL)) cell.flagged += 1
  }
  return [...cells.values()]
    .map(({ sum, ...cell }) => {
      const defined = cell.maps - cell.undefined
      return { ...cell, mean: defined === 0 ? null : sum / defined }
    })
    .sort((a, b) => a.modelId - b.modelId || (a.method < b.method ? -1 : 1))
}

function emptyCell(modelId: number, method: string): Cell & { sum: number } {
  return {
    modelId,
    method,
    maps: 0,
    mean: null,
    outOfRange: 0,
    undefined: 0,
    reviewed: 0,
    flagged: 0,
    otherClass: 0,
    sum: 0,
  }
}

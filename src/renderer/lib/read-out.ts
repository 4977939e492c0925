import type { ReviewItem } from '../../shared/contract/review.ts'
import { formatSignificant } from './relevance.ts'

/** A map's value at a pixel, and where it lies: `−0.0123 · row 12, column 40 · item 2, odd · step 6 of 12`; rows and columns from 0. */
export function readOut(
  values: Float32Array,
  { columns, steps, regions }: Pick<ReviewItem, 'columns' | 'steps' | 'regions'>,
  { row, column }: { row: number; column: number },
): string {
  const region = regions.find(
    ({ box }) =>
      row >= box.row && row < box.row + box.height && column >= box.column && column < box.column + box.width,
  )
  const step = Math.floor((column * steps) / columns) + 1
  return [
    formatSignificant(values[row * columns + column] ?? null),
    `row ${row}, column ${column}`,
    ...(region ? [`${region.name}, ${region.mark === 1 ? 'majority' : 'odd'}`] : []),
    `step ${step} of ${steps}`,
  ].join(' · ')
}

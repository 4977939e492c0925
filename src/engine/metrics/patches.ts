import { HeatproofError } from '../../shared/errors.ts'
import type { MapValues } from './ranks.ts'

/** Square patches that cover an image, counted row by row; the last of a row or column is cut by the border. */
export interface PatchGrid {
  rows: number
  columns: number
  /** Side of a patch, in pixels. */
  side: number
  /** Patches in a row of patches. */
  across: number
  count: number
}

/** 4x4 patches on 28x84 pixels make a grid of 7x21. @throws HeatproofError `bad_argument` for a side that is no whole number above 0 */
export function patchGrid(rows: number, columns: number, side: number): PatchGrid {
  if (!Number.isInteger(side) || side < 1) {
    throw new HeatproofError('bad_argument', {
      found: `patches of ${side} pixels`,
      expected: 'a whole number of pixels, 1 or more',
      advice: 'Use 4 for patches of 4 x 4 pixels.',
    })
  }
  const across = Math.ceil(columns / side)
  return { rows, columns, side, across, count: across * Math.ceil(rows / side) }
}

/** Index of the patch that a pixel is in. */
export function patchOf({ columns, side, across }: PatchGrid, pixel: number): number {
  const row = Math.floor(pixel / columns)
  const column = pixel % columns
  return Math.floor(row / side) * across + Math.floor(column / side)
}

/** Signed sum of the map over every patch. */
export function patchSums(map: MapValues, grid: PatchGrid): Float64Array {
  const sums = new Float64Array(grid.count)
  map.forEach((value: number, pixel: number) => {
    const patch = patchOf(grid, pixel)
    sums[patch] = (sums[patch] ?? 0) + value
  })
  return sums
}

import type { Box } from '../../shared/contract/common.ts'
import { HeatproofError } from '../../shared/errors.ts'

/** 1 where a region holds evidence for the sample's label, else 0. */
export type Mark = 0 | 1

/**
 * A part of a sample. A box lies in the map, in pixels from its upper left corner; a mask has one entry a pixel of the
 * map, row by row, and the region is where it is not 0.
 */
export type MapRegion = { name: string; mark: Mark } & ({ box: Box } | { mask: Uint8Array })

/** Items of equal width side by side, as many as marks. @throws HeatproofError `bad_argument` */
export function itemRegions(rows: number, columns: number, marks: readonly Mark[]): MapRegion[] {
  const width = columns / marks.length
  if (!Number.isInteger(width)) {
    throw new HeatproofError('bad_argument', {
      found: `${marks.length} marks for maps of ${columns} columns`,
      expected: 'a number of marks that divides the columns',
      advice: 'Give one mark an item, or describe the items in a regions file.',
    })
  }
  return marks.map((mark, item) => ({
    name: `item ${item + 1}`,
    mark,
    box: { row: 0, column: item * width, height: rows, width },
  }))
}

/** Calls `visit` with the index of every pixel of the region, row by row. */
export function forEachPixel(region: MapRegion, columns: number, visit: (pixel: number) => void): void {
  if ('mask' in region) {
    region.mask.forEach((inside, pixel) => {
      if (inside !== 0) visit(pixel)
    })
    return
  }
  const { row, column, height, width } = region.box
  for (let r = row; r < row + height; r += 1) {
    for (let c = column; c < column + width; c += 1) visit(r * columns + c)
  }
}

/** @throws HeatproofError `bad_argument` when a region does not fit a map of that size. */
export function checkRegions(regions: readonly MapRegion[], rows: number, columns: number): void {
  for (const region of regions) {
    const fits = 'mask' in region ? region.mask.length === rows * columns : boxFits(region.box, rows, columns)
    if (fits) continue
    throw new HeatproofError('bad_argument', {
      found:
        'mask' in region
          ? `region '${region.name}' with a mask of ${region.mask.length} pixels`
          : `region '${region.name}' with the box ${JSON.stringify(region.box)}`,
      expected: `a region inside a map of ${rows} rows and ${columns} columns`,
      advice: 'Correct the region; rows and columns count from 0.',
    })
  }
}

function boxFits(box: Box, rows: number, columns: number): boolean {
  const { row, column, height, width } = box
  return (
    [row, column, height, width].every(Number.isInteger) &&
    row >= 0 &&
    column >= 0 &&
    height > 0 &&
    width > 0 &&
    row + height <= rows &&
    column + width <= columns
  )
}

import type { Box } from '../../shared/contract/common.ts'
import { HeatproofError } from '../../shared/errors.ts'

/** 1 where a region holds evidence for the sample's label, else 0. */
export type Mark = 0 | 1

/** A part of a sample, in pixels from the upper left corner of its map. */
export interface MapRegion {
  name: string
  mark: Mark
  box: Box
  /** One entry a pixel of the box, row by row: the region is where it is not 0. Absent: the whole box. */
  mask?: Uint8Array | undefined
  /** Whether every pixel of the region is evidence, whatever the input shows there; else its strokes are. */
  filled?: boolean | undefined
}

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
  const { mask } = region
  const { row, column, height, width } = region.box
  for (let r = 0; r < height; r += 1) {
    const first = (row + r) * columns + column
    for (let c = 0; c < width; c += 1) {
      if (mask === undefined || mask[r * width + c] !== 0) visit(first + c)
    }
  }
}

/** @throws HeatproofError `bad_argument` when a region does not fit a map of that size. */
export function checkRegions(regions: readonly MapRegion[], rows: number, columns: number): void {
  for (const region of regions) {
    const { name, box, mask } = region
    const maskFits = mask === undefined || mask.length === box.height * box.width
    if (maskFits && boxFits(box, rows, columns)) continue
    throw new HeatproofError('bad_argument', {
      found: `region '${name}' with the box ${JSON.stringify(box)}${maskFits ? '' : ` and a mask of ${mask.length} pixels`}`,
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

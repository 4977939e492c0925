import type { Region } from '../../shared/contract/common.ts'

/** Where the bar of a region stands, from 0 to 1 of the width of the map. */
export interface RegionPlace {
  left: number
  width: number
}

/** Bars of regions stand below them; where two would lie upon each other, all get the same width, side by side. */
export function regionPlaces(regions: readonly Pick<Region, 'box'>[], columns: number): RegionPlace[] {
  const boxes = regions.map(({ box }) => box).sort((a, b) => a.column - b.column)
  const isApart = boxes.every((box, index) => {
    const before = boxes[index - 1]
    return before === undefined || before.column + before.width <= box.column
  })
  return regions.map(({ box }, index) =>
    isApart
      ? { left: box.column / columns, width: box.width / columns }
      : { left: index / regions.length, width: 1 / regions.length },
  )
}

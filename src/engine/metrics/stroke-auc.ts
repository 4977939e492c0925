import { ascending, midRank, type MapValues } from './ranks.ts'
import { countStrokes } from './strokes.ts'

/**
 * Area under the ROC curve of the map as a detector of strokes: the probability that a stroke has more relevance than another
 * pixel, ties half, from the sum of mid-ranks (Mann and Whitney 1947). Reduction: signed values. In [0, 1]; a uniform map
 * gets 1/2.
 *
 * @returns null (undefined) when no pixel or every pixel is a stroke
 */
export function strokeAuc(map: MapValues, strokes: Uint8Array): number | null {
  const inside = countStrokes(strokes)
  const outside = map.length - inside
  if (inside === 0 || outside === 0) return null
  const sorted = ascending(map)
  let rankSum = 0
  map.forEach((value: number, pixel: number) => {
    if (strokes[pixel] === 1) rankSum += midRank(sorted, value)
  })
  return (rankSum - (inside * (inside + 1)) / 2) / (inside * outside)
}

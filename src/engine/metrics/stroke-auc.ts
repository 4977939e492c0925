import { ascending, type MapValues } from './ranks.ts'
import { countStrokes } from './strokes.ts'

/**
 * Area under the ROC curve of the map as a detector of strokes: the probability that a stroke has more relevance than another
 * pixel, ties half, from the sum of mid-ranks (Mann and Whitney 1947). Reduction: signed values. In [0, 1]; a uniform map
 * gets 1/2.
 *
 * @param sorted the map's values in ascending order, where they are at hand
 * @returns null (undefined) when no pixel or every pixel is a stroke
 */
export function strokeAuc(map: MapValues, strokes: Uint8Array, sorted = ascending(map)): number | null {
  const inside = countStrokes(strokes)
  const outside = map.length - inside
  if (inside === 0 || outside === 0) return null
  const onStrokes = new Float64Array(inside)
  for (let pixel = 0, place = 0; pixel < map.length; pixel += 1) {
    if (strokes[pixel] !== 1) continue
    onStrokes[place] = map[pixel] ?? 0
    place += 1
  }
  onStrokes.sort()
  let [below, notAbove, rankSum] = [0, 0, 0]
  for (const value of onStrokes) {
    while ((sorted[below] ?? Infinity) < value) below += 1
    while ((sorted[notAbove] ?? Infinity) <= value) notAbove += 1
    rankSum += (below + notAbove + 1) / 2
  }
  return (rankSum - (inside * (inside + 1)) / 2) / (inside * outside)
}

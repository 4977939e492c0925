import { ascending, largest, type MapValues } from './ranks.ts'
import { countStrokes } from './strokes.ts'

/**
 * The part of the `count` largest pixels that are strokes. Reduction: signed values; ties go by pixel number.
 *
 * @param count from 1 to the number of pixels
 * @param sorted the map's values in ascending order, where they are at hand
 */
export function topAccuracy(
  map: MapValues,
  strokes: Uint8Array,
  count: number,
  sorted = ascending(map),
): number {
  const chosen = largest(map, count, sorted)
  let hits = 0
  for (let pixel = 0; pixel < chosen.length; pixel += 1) {
    if (chosen[pixel] === 1 && strokes[pixel] === 1) hits += 1
  }
  return hits / count
}

/**
 * Relevance rank accuracy: as many largest pixels as there are strokes, and the part of them that are strokes (Arras, Osman
 * and Samek 2022, section 3.2). Reduction: signed values; ties go by pixel number. In [0, 1].
 *
 * @param sorted the map's values in ascending order, where they are at hand
 * @returns null (undefined) when there is no stroke
 */
export function rankAccuracy(map: MapValues, strokes: Uint8Array, sorted = ascending(map)): number | null {
  const count = countStrokes(strokes)
  return count === 0 ? null : topAccuracy(map, strokes, count, sorted)
}

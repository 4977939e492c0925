import { largest, type MapValues } from './ranks.ts'
import { countStrokes } from './strokes.ts'

/**
 * The part of the `count` largest pixels that are strokes. Reduction: signed values; ties go by pixel number.
 *
 * @param count from 1 to the number of pixels
 */
export function topAccuracy(map: MapValues, strokes: Uint8Array, count: number): number {
  let hits = 0
  largest(map, count).forEach((chosen, pixel) => (hits += chosen * (strokes[pixel] ?? 0)))
  return hits / count
}

/**
 * Relevance rank accuracy: as many largest pixels as there are strokes, and the part of them that are strokes (Arras, Osman
 * and Samek 2022, section 3.2). Reduction: signed values; ties go by pixel number. In [0, 1].
 *
 * @returns null (undefined) when there is no stroke
 */
export function rankAccuracy(map: MapValues, strokes: Uint8Array): number | null {
  const count = countStrokes(strokes)
  return count === 0 ? null : topAccuracy(map, strokes, count)
}

import type { MapValues } from './ranks.ts'
import { countStrokes } from './strokes.ts'

/**
 * Pointing game: 1 when the largest pixel is a stroke, else 0 (Zhang et al. 2018, without tolerance around the point).
 * Reduction: signed values; ties go by pixel number.
 *
 * @returns null (undefined) when there is no stroke
 */
export function pointingGame(map: MapValues, strokes: Uint8Array): number | null {
  if (countStrokes(strokes) === 0) return null
  let best = 0
  for (let pixel = 1; pixel < map.length; pixel += 1) {
    if ((map[pixel] ?? NaN) > (map[best] ?? NaN)) best = pixel
  }
  return strokes[best] ?? 0
}

import type { MapValues } from './ranks.ts'
import { sharesOf } from './shares.ts'
import { countStrokes } from './strokes.ts'

/**
 * Relevance mass accuracy: the part of the positive relevance that lies on the strokes (Arras, Osman and Samek 2022,
 * section 3.2). Reduction: negative pixels count as 0. In [0, 1]; a uniform map gets the part of the pixels that are
 * strokes. 0 when no pixel is positive.
 *
 * @returns null (undefined) when there is no stroke
 */
export function massAccuracy(map: MapValues, strokes: Uint8Array): number | null {
  return massOnStrokes(map, strokes, 0)
}

/** The same with signed sums, unclipped: it can leave [0, 1]. 0 when the total is at most 1e-6 of the absolute sum. */
export function signedMassAccuracy(map: MapValues, strokes: Uint8Array): number | null {
  return massOnStrokes(map, strokes, -Infinity)
}

/** @param least pixels below it count as it */
function massOnStrokes(map: MapValues, strokes: Uint8Array, least: number): number | null {
  if (countStrokes(strokes) === 0) return null
  let on = 0
  let off = 0
  let absolute = 0
  for (let pixel = 0; pixel < map.length; pixel += 1) {
    const relevance = Math.max(map[pixel] ?? 0, least)
    if (strokes[pixel] === 1) on += relevance
    else off += relevance
    absolute += Math.abs(relevance)
  }
  return sharesOf([on, off], absolute)[0] ?? null
}

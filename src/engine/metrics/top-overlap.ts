import { largest, type MapValues } from './ranks.ts'

/**
 * The part of the k largest pixels that two maps have in common, `|top_k(a) and top_k(b)| / k`. Signed values as they are; ties go
 * by pixel number. In [0, 1]; two unrelated maps share about k / pixels.
 *
 * @param k from 1 to the number of pixels
 */
export function topOverlap(a: MapValues, b: MapValues, k: number): number {
  const chosen = largest(b, k)
  let common = 0
  largest(a, k).forEach((own, pixel) => (common += own * (chosen[pixel] ?? 0)))
  return common / k
}

import { HeatproofError } from '../../shared/errors.ts'

/**
 * Where two maps of one sample differ: `A / sum |A| - B / sum |B|`, pixel by pixel. Each map is divided by the sum of its absolute
 * values, since methods differ in units; a signed total can be (nearly) 0, and dividing by it would blow a map up or turn it
 * over. Of non-negative maps the two are the same. A map that is 0 everywhere stays 0.
 *
 * @returns values in [-1, 1], those of two non-negative maps with relevance sum to 0
 * @throws HeatproofError `bad_argument` when the maps differ in size
 */
export function differenceMap(a: Float32Array, b: Float32Array): Float32Array {
  if (a.length !== b.length) {
    throw new HeatproofError('bad_argument', {
      found: `maps of ${a.length} and ${b.length} pixels`,
      expected: 'maps of equal size',
      advice: 'Compare maps of one sample.',
    })
  }
  const [sizeA, sizeB] = [absoluteSum(a), absoluteSum(b)]
  return a.map((value, pixel) => part(value, sizeA) - part(b[pixel] ?? NaN, sizeB))
}

function absoluteSum(map: Float32Array): number {
  let sum = 0
  for (const value of map) sum += Math.abs(value)
  return sum
}

function part(value: number, size: number): number {
  return size === 0 ? 0 : value / size
}

import { sortFloat32 } from './sort-float32.ts'

/** The values of a map, one a pixel, row by row. */
export type MapValues = Float32Array | Float64Array

/** A sorted copy, smallest first. */
export function ascending(values: MapValues): MapValues {
  return values instanceof Float32Array ? sortFloat32(values) : values.toSorted()
}

/** How many of the sorted values are below `value`; with `orEqual`, how many are not above it. */
function countBelow(sorted: MapValues, value: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle] ?? NaN
    if (other < value || (orEqual && other === value)) low = middle + 1
    else high = middle
  }
  return low
}

/** The absolute values of sorted values, smallest first: the negative ones from their end, merged with the others. */
export function ascendingAbsolute(sorted: MapValues): MapValues {
  if ((sorted[0] ?? 0) >= 0) return sorted
  const absolute = new Float64Array(sorted.length)
  let positive = countBelow(sorted, 0, false)
  let negative = positive - 1
  for (let place = 0; place < absolute.length; place += 1) {
    const above = sorted[positive] ?? Infinity
    const below = negative >= 0 ? -(sorted[negative] ?? 0) : Infinity
    if (above <= below) positive += 1
    else negative -= 1
    absolute[place] = Math.min(above, below)
  }
  return absolute
}

/** Rank of a value among sorted ones, from 1 for the smallest; equal values share the mean of their ranks. */
export function midRank(sorted: MapValues, value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true) + 1) / 2
}

/** Rank of every value, from 1 for the smallest; equal values share the mean of their ranks. */
export function midRanks(values: MapValues): Float64Array {
  const sorted = ascending(values)
  return Float64Array.from(values, (value) => midRank(sorted, value))
}

/**
 * Marks the `count` largest values with 1; of equal ones the first come first, that is, the lowest pixel numbers.
 *
 * @param count from 0 to the number of values
 * @param sorted the values in ascending order, where they are at hand
 */
export function largest(values: MapValues, count: number, sorted = ascending(values)): Uint8Array {
  const chosen = new Uint8Array(values.length)
  if (count === 0) return chosen
  const smallestChosen = sorted[values.length - count] ?? NaN
  let left = count
  for (let pixel = 0; pixel < values.length; pixel += 1) {
    if ((values[pixel] ?? NaN) <= smallestChosen) continue
    chosen[pixel] = 1
    left -= 1
  }
  for (let pixel = 0; left > 0; pixel += 1) {
    if (values[pixel] !== smallestChosen) continue
    chosen[pixel] = 1
    left -= 1
  }
  return chosen
}

/** The values of a map, one a pixel, row by row. */
export type MapValues = Float32Array | Float64Array

/** A sorted copy, smallest first. */
export function ascending(values: MapValues): MapValues {
  return values.slice().sort()
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
 */
export function largest(values: MapValues, count: number): Uint8Array {
  const chosen = new Uint8Array(values.length)
  if (count === 0) return chosen
  const smallestChosen = ascending(values)[values.length - count] ?? NaN
  let left = count
  for (const [pixel, value] of values.entries()) {
    if (value <= smallestChosen) continue
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

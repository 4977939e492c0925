import type { QueueOrder } from '../../shared/contract/queues.ts'
import type { MetricName } from '../../shared/names.ts'
import { isWorseAbove } from '../metrics/score.ts'

/**
 * Puts rows into an order of interest by their values. `dominance` and `entropy` are worst where they are largest, every other metric where
 * it is smallest; `uncertain` begins with the values nearest to `theta`, or to the median without one. Undefined values
 * (NaN) come last, ties in the order of the rows.
 *
 * @param rows indices into `values`, ascending
 * @param first how many rows must be in that order; the others follow in their own
 */
export function rankRows(
  rows: Uint32Array,
  values: Float64Array,
  {
    order,
    metric,
    theta,
    first,
  }: {
    order: Extract<QueueOrder, 'worst_first' | 'best_first' | 'uncertain'>
    metric: MetricName
    theta: number | null
    first: number
  },
): Uint32Array {
  const keys = new Float64Array(rows.length)
  for (let place = 0; place < rows.length; place += 1) keys[place] = values[rows[place] ?? 0] ?? NaN
  const centre = order === 'uncertain' ? (theta ?? median(keys.filter((value) => !Number.isNaN(value)))) : 0
  const worstIsLargest = isWorseAbove(metric)
  const sign = (order === 'worst_first') === worstIsLargest ? -1 : 1
  for (let place = 0; place < keys.length; place += 1) {
    const value = keys[place] ?? NaN
    if (Number.isNaN(value)) keys[place] = Infinity
    else keys[place] = order === 'uncertain' ? Math.abs(value - centre) : sign * value
  }
  return smallestFirst(keys, first).map((place) => rows[place] ?? 0)
}

/** Places of the `first` smallest keys in ascending order of the keys, ties by place; then all other places, ascending. */
export function smallestFirst(keys: Float64Array, first: number): Uint32Array {
  const leading = new Uint32Array(Math.min(first, keys.length))
  if (leading.length === 0) return Uint32Array.from(keys.keys())
  const sorted = keys.toSorted()
  const bound = sorted[leading.length - 1] ?? Infinity
  let ties = leading.length - sorted.indexOf(bound)
  const others = new Uint32Array(keys.length - leading.length)
  let [led, left] = [0, 0]
  for (let place = 0; place < keys.length; place += 1) {
    const key = keys[place] ?? Infinity
    if (key < bound || (key === bound && ties-- > 0)) leading[led++] = place
    else others[left++] = place
  }
  leading.sort((a, b) => {
    const [keyA, keyB] = [keys[a] ?? 0, keys[b] ?? 0]
    return keyA === keyB ? a - b : keyA - keyB
  })
  const places = new Uint32Array(keys.length)
  places.set(leading)
  places.set(others, leading.length)
  return places
}

/** Middle value, the mean of the two middle ones for an even number; 0 without values. */
function median(values: Float64Array): number {
  const sorted = values.toSorted()
  const half = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]]
  return ((low ?? 0) + (high ?? 0)) / 2
}

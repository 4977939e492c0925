import type { QueueOrder } from '../../shared/contract/review.ts'
import type { MetricName } from '../../shared/names.ts'
import { seededGenerator } from '../../shared/seeds.ts'
import { isWorseAbove } from '../metrics/score.ts'

export interface DrawnQueue {
  /** Positions among the candidates, in the order in which they are shown. */
  drawn: Uint32Array
  /** 1 where the candidate was drawn at random, parallel to `drawn`. */
  randomFlags: Uint8Array
  /** Probability with which each of those was drawn; the others were drawn for certain. */
  randomProbability: number
}

/**
 * Draws a queue from candidates in their order of interest. The first `(1 - randomShare) size` are drawn for certain; the
 * random part, `r = size - w` maps, uniformly from the N - w others, each with probability `r / (N - w)`. Its maps come up
 * evenly spread among the ordered ones.
 *
 * @param ranked candidates, most interesting first
 * @param size maps to draw; 0, or more than there are: all
 * @param randomShare share of the queue that is drawn at random, in [0, 1]
 */
export function drawQueue(
  ranked: Uint32Array,
  { size, randomShare, seed }: { size: number; randomShare: number; seed: number },
): DrawnQueue {
  const length = size === 0 ? ranked.length : Math.min(size, ranked.length)
  const randomLength = Math.round(length * randomShare)
  const orderedLength = length - randomLength
  const rest = ranked.slice(orderedLength)
  const random = sampleOf(rest, randomLength, seed)
  const drawn = new Uint32Array(length)
  const randomFlags = new Uint8Array(length)
  let taken = 0
  for (let position = 0; position < length; position += 1) {
    const due = Math.floor(((position + 1) * randomLength) / length)
    const isRandom = due > taken
    drawn[position] = (isRandom ? random[taken] : ranked[position - taken]) ?? 0
    randomFlags[position] = Number(isRandom)
    if (isRandom) taken += 1
  }
  return {
    drawn,
    randomFlags,
    randomProbability: rest.length === 0 ? 1 : randomLength / rest.length,
  }
}

/** `count` of the values, every subset and order equally likely (the first steps of a Fisher-Yates shuffle). */
function sampleOf(values: Uint32Array, count: number, seed: number): Uint32Array {
  const generator = seededGenerator(seed, 'queue')
  const pool = values.slice()
  for (let index = 0; index < count; index += 1) {
    const other = generator.uniformInt(index, pool.length - 1)
    const chosen = pool[other] ?? 0
    pool[other] = pool[index] ?? 0
    pool[index] = chosen
  }
  return pool.slice(0, count)
}

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
    order: Exclude<QueueOrder, 'random' | 'sequence'>
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
function smallestFirst(keys: Float64Array, first: number): Uint32Array {
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

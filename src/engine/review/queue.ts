import { seededGenerator } from '../../shared/seeds.ts'
import { ORIGINS, type Origin } from '../workspace/queues.ts'

/** Parallel columns, in the order in which the maps are shown. */
export interface DrawnQueue {
  /** Candidates. */
  drawn: Uint32Array
  /** Indices into {@link ORIGINS}. */
  origins: Uint8Array
  /** Probability with which each was drawn; 1 where it was drawn for certain. */
  probabilities: Float64Array
}

/**
 * Draws a queue from candidates in their order of interest. The first `(1 - randomShare) size` are drawn for certain; the
 * random part, `r = size - w` maps, uniformly from the N - w others, each with probability `r / (N - w)`. Its maps come up
 * evenly spread among the ordered ones.
 *
 * @param ranked candidates, most interesting first
 * @param size maps to draw; more than there are: all
 * @param randomShare share of the queue that is drawn at random, in [0, 1]
 */
export function drawQueue(
  ranked: Uint32Array,
  { size, randomShare, seed }: { size: number; randomShare: number; seed: number },
): DrawnQueue {
  const length = Math.min(size, ranked.length)
  const randomLength = Math.round(length * randomShare)
  const orderedLength = length - randomLength
  const rest = ranked.slice(orderedLength)
  const random = sampleOf(rest, randomLength, seed)
  const queue = emptyQueue(length)
  let taken = 0
  for (let position = 0; position < length; position += 1) {
    const due = Math.floor(((position + 1) * randomLength) / length)
    const isRandom = due > taken
    queue.drawn[position] = (isRandom ? random[taken] : ranked[position - taken]) ?? 0
    queue.origins[position] = ORIGINS.indexOf(isRandom ? 'random' : 'ordered')
    queue.probabilities[position] = isRandom ? randomLength / rest.length : 1
    if (isRandom) taken += 1
  }
  return queue
}

/**
 * Draws up to `each` of the candidates of every stratum at random, each with probability `n / N` of its stratum, and puts
 * all of them into a random order.
 *
 * @param stratumOf a number that the candidates of one stratum share
 */
export function drawStrata(
  candidates: Uint32Array,
  stratumOf: (candidate: number) => number,
  { each, seed }: { each: number; seed: number },
): DrawnQueue {
  const strata = Map.groupBy(candidates, stratumOf)
  const chosen = [...strata].flatMap(([stratum, members]) => {
    const drawn = sampleOf(Uint32Array.from(members), Math.min(each, members.length), seed, stratum)
    return Array.from(drawn, (candidate) => ({ candidate, probability: drawn.length / members.length }))
  })
  const shuffled = seededGenerator(seed, 'order of strata').shuffle(chosen)
  return {
    drawn: Uint32Array.from(shuffled, ({ candidate }) => candidate),
    origins: new Uint8Array(shuffled.length).fill(ORIGINS.indexOf('random')),
    probabilities: Float64Array.from(shuffled, ({ probability }) => probability),
  }
}

/** Puts further maps into a queue, at places drawn at random so that nobody can tell them; their probability is 1. */
export function mixIn(
  queue: DrawnQueue,
  extras: readonly { candidate: number; origin: Origin }[],
  seed: number,
): DrawnQueue {
  const mixed = emptyQueue(queue.drawn.length + extras.length)
  const { length } = mixed.drawn
  const places = sampleOf(
    Uint32Array.from({ length }, (_, place) => place),
    extras.length,
    seed,
    'places',
  )
  const isExtra = new Uint8Array(length)
  for (const place of places) isExtra[place] = 1
  let [taken, added] = [0, 0]
  for (let place = 0; place < length; place += 1) {
    const extra = isExtra[place] === 1 ? extras[added++] : undefined
    mixed.drawn[place] = extra?.candidate ?? queue.drawn[taken] ?? 0
    mixed.origins[place] = extra ? ORIGINS.indexOf(extra.origin) : (queue.origins[taken] ?? 0)
    mixed.probabilities[place] = extra ? 1 : (queue.probabilities[taken] ?? 1)
    if (!extra) taken += 1
  }
  return mixed
}

/** `count` of the values, every subset and order equally likely (the first steps of a Fisher-Yates shuffle). */
export function sampleOf(
  values: Uint32Array,
  count: number,
  seed: number,
  ...scope: readonly (number | string)[]
): Uint32Array {
  const generator = seededGenerator(seed, 'queue', ...scope)
  const pool = values.slice()
  for (let index = 0; index < count; index += 1) {
    const other = generator.uniformInt(index, pool.length - 1)
    const chosen = pool[other] ?? 0
    pool[other] = pool[index] ?? 0
    pool[index] = chosen
  }
  return pool.slice(0, count)
}

function emptyQueue(length: number): DrawnQueue {
  return {
    drawn: new Uint32Array(length),
    origins: new Uint8Array(length),
    probabilities: new Float64Array(length),
  }
}

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random numbers that is the same on every machine for the same seed and scope. */
export interface SeededGenerator {
  /** 32 random bits, as a signed whole number. */
  bits(): number
  /** A whole number, uniform in [low, high], both ends included; the range must span less than 2^32. */
  uniformInt(low: number, high: number): number
  /** Uniform in [0, 1), a multiple of 2^-53. */
  float(): number
  /** Standard normal (Box-Muller: two uniform numbers a value). */
  normal(): number
  /** Puts the values into a random order, in place, every order equally likely (Fisher-Yates); returns them. */
  shuffle<Values extends ShuffledValues>(values: Values): Values
}

type ShuffledValues = { [index: number]: unknown; readonly length: number }

/**
 * The one way to get random numbers: a xoroshiro128+ stream for a seed and the scope that uses it.
 *
 * Sub-seeds are derived by the scope. Whatever needs randomness of its own names itself, from the general to the
 * particular, e.g. `seededGenerator(seed, 'dropout', epoch)`; different scopes give independent streams, so drawing
 * more in one place never shifts another. The 128 bits of state are four salted 32-bit hashes of the list
 * `[seed, ...scope]`, whose members count as text (7 and '7' are the same).
 */
export function seededGenerator(
  seed: number | string,
  ...scope: readonly (number | string)[]
): SeededGenerator {
  const text = JSON.stringify([seed, ...scope].map(String))
  const source = xoroshiro128plusFromState([0, 1, 2, 3].map((salt) => hash32(`${salt}${text}`)))
  const float = () => uniformFloat64(source)
  const between = (low: number, high: number) => uniformInt(source, low, high)
  return {
    bits: () => source.next(),
    uniformInt: between,
    float,
    normal: () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float()),
    shuffle(values) {
      for (let last = values.length - 1; last > 0; last--) {
        const other = between(0, last)
        const moved: unknown = values[last]
        values[last] = values[other]
        values[other] = moved
      }
      return values
    },
  }
}

/** 32-bit FNV-1a over UTF-16 code units, finished by MurmurHash3's `fmix32`. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}

import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator'

/** The finaliser of MurmurHash3: a bijection of 32-bit integers that spreads every bit over all others. */
function scramble(word: number): number {
  let mixed = word | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/**
 * A generator whose numbers depend on the pair (seed, stream) alone. Both are integers of 32 bits; different pairs
 * start from different states, so streams of one seed are independent of how many others are drawn, and in which order.
 */
export function seededGenerator(seed: number, stream: number): JumpableRandomGenerator {
  const first = scramble(seed ^ 0x9e3779b9)
  const second = scramble(stream ^ 0x7f4a7c15)
  const third = scramble(first + second)
  return xoroshiro128plusFromState([first, second, third, scramble(third + 0x9e3779b9)])
}

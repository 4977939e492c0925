/** Wrong tokens of an address that are answered at once: a reviewer's tab with an old link asks a few times. */
export const FREE_TRIES = 10
const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 5000
/** After so long without a wrong one an address is forgotten, in milliseconds. */
const FORGOTTEN_MS = 60_000
/** Addresses that are remembered; where there are more, the oldest is forgotten. */
const MOST_ADDRESSES = 1000

/**
 * Counts wrong tokens by address, and says how long the refusal of the next is held back. Only refusals wait: who has a right
 * token is never locked out, whoever else guesses from the same address.
 */
export class WrongTokens {
  readonly #tries = new Map<string, { count: number; last: number }>()
  readonly #now: () => number

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Counts a wrong token. @returns how long its refusal waits, in milliseconds */
  delayOf(address: string): number {
    const now = this.#now()
    const before = this.#tries.get(address)
    const count = before === undefined || now - before.last > FORGOTTEN_MS ? 1 : before.count + 1
    this.#tries.delete(address)
    this.#tries.set(address, { count, last: now })
    const [oldest] = this.#tries.keys()
    if (this.#tries.size > MOST_ADDRESSES && oldest !== undefined) this.#tries.delete(oldest)
    if (count <= FREE_TRIES) return 0
    return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - FREE_TRIES - 1))
  }
}

interface Want<Key, Value> {
  key: Key
  take: (value: Value) => void
}

/**
 * Loads values in the order in which they are asked for, a part at a time and few parts at once, so that what is dropped
 * before its turn, because it has left the screen, is never loaded. Whoever gets no value may ask again.
 */
export class Wanted<Key, Value> {
  readonly #load: (key: Key) => Promise<Value>
  readonly #part: number
  readonly #most: number
  #waiting: Want<Key, Value>[] = []
  #underWay = 0

  /**
   * @param part how many are loaded together
   * @param most parts that are loaded at the same time
   */
  constructor(load: (key: Key) => Promise<Value>, { part, most }: { part: number; most: number }) {
    this.#load = load
    this.#part = part
    this.#most = most
  }

  /** Gives the value to `take` unless the returned function, which drops it, is called before. */
  want(key: Key, take: (value: Value) => void): () => void {
    const want = { key, take }
    if (this.#waiting.length === 0) queueMicrotask(() => this.#goOn())
    this.#waiting.push(want)
    return () => {
      want.take = () => undefined
      this.#waiting = this.#waiting.filter((other) => other !== want)
    }
  }

  #goOn(): void {
    while (this.#underWay < this.#most && this.#waiting.length > 0) {
      this.#underWay++
      void Promise.allSettled(this.#waiting.splice(0, this.#part).map((want) => this.#give(want))).then(
        () => {
          this.#underWay--
          this.#goOn()
        },
      )
    }
  }

  async #give(want: Want<Key, Value>): Promise<void> {
    const value = await this.#load(want.key)
    want.take(value)
  }
}

/** Keeps what was asked for most recently, up to a limit; equal requests share one answer, failed ones are forgotten. */
export class Recent<Key, Value> {
  readonly #limit: number
  readonly #load: (key: Key) => Promise<Value>
  readonly #kept = new Map<Key, { promise: Promise<Value>; value?: Value }>()

  constructor(limit: number, load: (key: Key) => Promise<Value>) {
    this.#limit = limit
    this.#load = load
  }

  get(key: Key): Promise<Value> {
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept.promise
    }
    const promise = this.#load(key)
    const entry: { promise: Promise<Value>; value?: Value } = { promise }
    this.#kept.set(key, entry)
    promise.then(
      (value) => {
        entry.value = value
      },
      () => {
        if (this.#kept.get(key) === entry) this.#kept.delete(key)
      },
    )
    this.#trim()
    return promise
  }

  /** Asked for, whether answered or not. */
  has(key: Key): boolean {
    return this.#kept.has(key)
  }

  /** The value if it is here already. */
  peek(key: Key): Value | undefined {
    return this.#kept.get(key)?.value
  }

  forget(key: Key): void {
    this.#kept.delete(key)
  }

  clear(): void {
    this.#kept.clear()
  }

  #trim(): void {
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= this.#limit) return
      this.#kept.delete(key)
    }
  }
}

/** Positions worth loading around the current one, most urgent first: what comes next, then what was just left. */
export function prefetchOrder(position: number, length: number, ahead: number, behind: number): number[] {
  const next = Array.from({ length: ahead }, (_, step) => position + 1 + step)
  const previous = Array.from({ length: behind }, (_, step) => position - 1 - step)
  return [...next, ...previous].filter((at) => at >= 0 && at < length)
}

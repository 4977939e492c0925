interface Kept<Value> {
  promise: Promise<Value>
  value?: Value
  /** 0 until the value is here. */
  size: number
}

/** Keeps what was asked for most recently, up to a limit of their sizes together; equal requests share one answer, failed ones are forgotten. */
export class Recent<Key, Value> {
  readonly #limit: number
  readonly #load: (key: Key) => Promise<Value>
  readonly #sizeOf: (value: Value) => number
  readonly #kept = new Map<Key, Kept<Value>>()
  #size = 0

  /** @param sizeOf what a value counts of the limit; 1 where nothing is said */
  constructor(limit: number, load: (key: Key) => Promise<Value>, sizeOf: (value: Value) => number = () => 1) {
    this.#limit = limit
    this.#load = load
    this.#sizeOf = sizeOf
  }

  get(key: Key): Promise<Value> {
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept.promise
    }
    const promise = this.#load(key)
    const entry: Kept<Value> = { promise, size: 0 }
    this.#kept.set(key, entry)
    promise.then(
      (value) => {
        entry.value = value
        if (this.#kept.get(key) !== entry) return
        entry.size = this.#sizeOf(value)
        this.#size += entry.size
        this.#trim()
      },
      () => {
        if (this.#kept.get(key) === entry) this.#kept.delete(key)
      },
    )
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
    this.#size -= this.#kept.get(key)?.size ?? 0
    this.#kept.delete(key)
  }

  clear(): void {
    this.#kept.clear()
    this.#size = 0
  }

  #trim(): void {
    for (const [key, { size }] of this.#kept) {
      if (this.#size <= this.#limit) return
      if (size > 0) this.forget(key)
    }
  }
}

/** What an array counts of the limit of {@link Recent}. */
export const bytesOf = ({ byteLength }: { byteLength: number }): number => byteLength

/** Positions worth loading around the current one, most urgent first: what comes next, then what was just left. */
export function prefetchOrder(position: number, length: number, ahead: number, behind: number): number[] {
  const next = Array.from({ length: ahead }, (_, step) => position + 1 + step)
  const previous = Array.from({ length: behind }, (_, step) => position - 1 - step)
  return [...next, ...previous].filter((at) => at >= 0 && at < length)
}

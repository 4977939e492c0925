/** Runs `make` at the first `get`, and again only after it failed; `close` ends what was made. */
export function lazily<Made extends { close: () => Promise<void> }>(make: () => Promise<Made>) {
  let made: Promise<Made> | null = null
  return {
    get: (): Promise<Made> => {
      made ??= make().catch((error: unknown) => {
        made = null
        throw error
      })
      return made
    },
    close: async (): Promise<void> => {
      const pending = made
      made = null
      await pending?.then((value) => value.close())
    },
  }
}

/** Remembers what `make` gave for each key. */
export function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>()
  return (key) => {
    const known = values.get(key)
    if (known !== undefined) return known
    const value = make(key)
    values.set(key, value)
    return value
  }
}

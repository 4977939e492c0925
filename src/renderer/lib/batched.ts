type Keys<Key> = readonly [Key, ...Key[]]

interface Wanted<Key, Value> {
  key: Key
  resolve: (value: Value) => void
  reject: (reason: unknown) => void
}

/**
 * Loads what is asked for in one turn of the event loop together.
 *
 * @param load gives the values of the keys in their order
 * @param most keys of one load
 */
export function batched<Key, Value>(
  load: (keys: Keys<Key>) => Promise<readonly Value[]>,
  most: number,
): (key: Key) => Promise<Value> {
  let waiting: Wanted<Key, Value>[] = []
  const loadWaiting = () => {
    const all = waiting
    waiting = []
    for (let start = 0; start < all.length; start += most) void loadPart(load, all.slice(start, start + most))
  }
  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(loadWaiting)
      waiting.push({ key, resolve, reject })
    })
}

async function loadPart<Key, Value>(
  load: (keys: Keys<Key>) => Promise<readonly Value[]>,
  part: readonly Wanted<Key, Value>[],
): Promise<void> {
  const [first, ...others] = part.map(({ key }) => key)
  if (first === undefined) return
  try {
    const values = await load([first, ...others])
    part.forEach(({ resolve, reject }, index) => {
      const value = values[index]
      if (value === undefined) reject(new Error('the answer is too short'))
      else resolve(value)
    })
  } catch (error) {
    for (const { reject } of part) reject(error)
  }
}

/** Arrays of float32 that stand one after the other, each after its length in bytes as uint32. */
export function unpackFloats(packed: ArrayBuffer): Float32Array[] {
  const view = new DataView(packed)
  const arrays: Float32Array[] = []
  for (let start = 0; start < packed.byteLength;) {
    const length = view.getUint32(start, true)
    arrays.push(new Float32Array(packed, start + 4, length / 4).slice())
    start += 4 + length
  }
  return arrays
}

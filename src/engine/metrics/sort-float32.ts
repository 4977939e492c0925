const DIGIT = 11
const BUCKETS = 2 ** DIGIT

/**
 * A sorted copy, smallest first. A radix sort with three digits of 11 bits, several times as fast for the pixels of a map as
 * the built-in sort: every map of a run is sorted.
 */
export function sortFloat32(values: Float32Array): Float32Array {
  let keys = new Uint32Array(values.slice().buffer)
  for (let index = 0; index < keys.length; index += 1) keys[index] = toKey(keys[index] ?? 0)
  let sorted = new Uint32Array(keys.length)
  for (let shift = 0; shift < 32; shift += DIGIT) {
    sortByDigit(keys, sorted, shift)
    ;[keys, sorted] = [sorted, keys]
  }
  for (let index = 0; index < keys.length; index += 1) keys[index] = fromKey(keys[index] ?? 0)
  return new Float32Array(keys.buffer)
}

/** Bits of a float32 as a whole number that grows with it. */
function toKey(bits: number): number {
  return bits >>> 31 === 1 ? ~bits : bits | 0x80000000
}

function fromKey(key: number): number {
  return key >>> 31 === 1 ? key & 0x7fffffff : ~key
}

/** Puts the keys into the order of 11 of their bits; equal ones keep their order. */
function sortByDigit(keys: Uint32Array, sorted: Uint32Array, shift: number): void {
  const ends = new Uint32Array(BUCKETS)
  for (const key of keys) {
    const bucket = (key >>> shift) & (BUCKETS - 1)
    ends[bucket] = (ends[bucket] ?? 0) + 1
  }
  for (let bucket = 1; bucket < BUCKETS; bucket += 1) {
    ends[bucket] = (ends[bucket] ?? 0) + (ends[bucket - 1] ?? 0)
  }
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? 0
    const bucket = (key >>> shift) & (BUCKETS - 1)
    const place = (ends[bucket] ?? 0) - 1
    ends[bucket] = place
    sorted[place] = key
  }
}

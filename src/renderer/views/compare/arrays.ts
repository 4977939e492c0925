import { createContext } from 'svelte'
import { fetchDifference, fetchMap, fetchSample } from '../../lib/client.ts'
import { bytesOf, Recent } from '../../lib/recent.ts'

export type Values = Float32Array | Promise<Float32Array>

/** In bytes. */
const ROOM = 32e6

/** Keeps the arrays that were shown last. */
export class Arrays {
  readonly #maps = new Recent<number, Float32Array>(ROOM, fetchMap, bytesOf)
  readonly #samples = new Recent<number, Float32Array>(ROOM, fetchSample, bytesOf)
  readonly #differences = new Recent<string, Float32Array>(
    ROOM,
    (key) => {
      const [a = 0, b = 0] = key.split(' ').map(Number)
      return fetchDifference(a, b)
    },
    bytesOf,
  )

  map(id: number): Values {
    return this.#maps.peek(id) ?? this.#maps.get(id)
  }

  sample(id: number): Values {
    return this.#samples.peek(id) ?? this.#samples.get(id)
  }

  difference(a: number, b: number): Values {
    const key = `${a} ${b}`
    return this.#differences.peek(key) ?? this.#differences.get(key)
  }
}

export const [getArrays, setArrays] = createContext<Arrays>()

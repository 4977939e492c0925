import { openNpyReader } from '../../engine/exchange/npy-reader.ts'
import { HeatproofError } from '../../shared/errors.ts'

/** Relevance maps in a .npy file, read in slices. */
export interface MapsFile {
  path: string
  count: number
  rows: number
  columns: number
  /** Some maps, all of whose values are finite. @throws HeatproofError `bad_values`, `bad_file` */
  slice(first: number, count: number): Promise<FloatMap[]>
  close(): Promise<void>
}

export type FloatMap = Float32Array | Float64Array

/**
 * Opens maps, [N, rows, columns] of float32 or float64.
 *
 * @throws HeatproofError `not_found`, `bad_file` (damaged; shape or type)
 */
export async function openMapsFile(path: string): Promise<MapsFile> {
  const reader = await openNpyReader(path)
  const { shape, dtype } = reader
  const [count = 0, rows = 0, columns = 0] = shape
  const isFloat = dtype === 'float32' || dtype === 'float64'
  if (!isFloat || shape.length !== 3 || count * rows * columns === 0) {
    await reader.close()
    throw new HeatproofError('bad_file', {
      found: `${dtype} of shape [${shape.join(', ')}] in ${path}`,
      expected: 'relevance maps: float32 or float64 of shape [N, rows, columns], N > 0',
      advice: 'Save the maps of all samples as one array.',
    })
  }
  const pixels = rows * columns
  return {
    path,
    count,
    rows,
    columns,
    async slice(first, length) {
      const { data } = await reader.rows(first, length)
      if (!(data instanceof Float32Array || data instanceof Float64Array)) return []
      return Array.from({ length }, (_, index) => {
        const map = data.subarray(index * pixels, (index + 1) * pixels)
        requireFinite(map, first + index, path)
        return map
      })
    },
    close: () => reader.close(),
  }
}

function requireFinite(map: FloatMap, index: number, path: string): void {
  const pixel = map.findIndex((value: number) => !Number.isFinite(value))
  if (pixel < 0) return
  throw new HeatproofError('bad_values', {
    found: `${map[pixel] ?? ''} at pixel ${pixel} of map ${index} in ${path}`,
    expected: 'finite relevance',
    advice: 'Compute this map again, or leave it out.',
  })
}

/** Positions 0 .. total - 1 in pieces of at most `size`. */
export function* slicesOf(total: number, size: number): Generator<{ first: number; count: number }> {
  for (let first = 0; first < total; first += size) yield { first, count: Math.min(size, total - first) }
}

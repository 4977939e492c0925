import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNpy, type NpyArray } from '../../../src/engine/exchange/npy.ts'
import { writeZip } from '../../../src/engine/exchange/zip.ts'

/** Small arrays of a network from elsewhere: 6 colour-free images of 4 x 6, 3 classes, two methods. */
export const COUNT = 6
export const ROWS = 4
export const COLUMNS = 6

/** Seeded values in [0, 1). */
export function values(length: number, seed = 1): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  })
}

export const float32 = (shape: number[], data: Float32Array): NpyArray => ({ dtype: 'float32', shape, data })
export const int32 = (shape: number[], data: number[]): NpyArray => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(data),
})

const PIXELS = COUNT * ROWS * COLUMNS

/** Files by their paths: arrays, or text. */
export type Files = Record<string, NpyArray | string | Uint8Array>

export function arrayFiles(): Files {
  return {
    'inputs.npy': float32([COUNT, ROWS, COLUMNS], values(PIXELS)),
    'labels.npy': int32([COUNT], [0, 1, 2, 0, 1, 2]),
    'logits.npy': float32(
      [COUNT, 3],
      Float32Array.from([5, 1, 0, 0, 4, 1, 0, 1, 6, 7, 0, 0, 3, 2, 1, 0, 0, 2]),
    ),
    'maps/ig.npy': float32(
      [COUNT, ROWS, COLUMNS],
      values(PIXELS, 2).map((value) => value - 0.25),
    ),
    'maps/shap.npy': float32([COUNT, ROWS, COLUMNS], values(PIXELS, 3)),
    'regions.json': JSON.stringify([
      { name: 'left', box: { row: 0, column: 0, height: 4, width: 2 } },
      { name: 'middle', box: { row: 1, column: 2, height: 2, width: 2 }, mark: 0 },
    ]),
  }
}

/** Writes files into a new folder. */
export function writeFolder(folder: string, files: Files): string {
  mkdirSync(join(folder, 'maps'), { recursive: true })
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), bytesOf(content))
  return folder
}

/** Packs what {@link writeFolder} writes, as numpy.savez_compressed does. */
export async function writeNpz(path: string, files: Files): Promise<string> {
  const folder = writeFolder(`${path}.content`, files)
  await writeZip(
    path,
    Object.keys(files).map((name) => ({ path: name, file: join(folder, name) })),
  )
  return path
}

function bytesOf(content: Files[string]): Uint8Array | string {
  return typeof content === 'string' || content instanceof Uint8Array ? content : writeNpy(content)
}

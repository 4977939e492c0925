import { open, type FileHandle } from 'node:fs/promises'
import { badFile } from './bad-input.ts'
import { notReadable, readNpy, type NpyArray } from './npy.ts'
import { npyHeader, readNpyHeader, type NpyDtype } from './npy-header.ts'

/** An array of N rows that may be too large for memory; a row is everything at one index of the first dimension. */
export interface NpyReader {
  readonly dtype: NpyDtype
  readonly shape: readonly number[]
  /** Reads some rows as an array of shape [count, ...]. */
  rows(first: number, count: number): Promise<NpyArray>
  close(): Promise<void>
}

/** No header is longer than this. */
const LONGEST_HEADER = 2 ** 20

/**
 * Opens a .npy file to be read in slices; it must be as long as its header says. Call `close` at the end.
 *
 * @throws HeatproofError `not_found`, `bad_file`
 */
export async function openNpyReader(path: string): Promise<NpyReader> {
  const file = await open(path).catch((cause: unknown) => {
    throw notReadable(path, cause)
  })
  try {
    return await readerOf(file, path)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readerOf(file: FileHandle, path: string): Promise<NpyReader> {
  const { size } = await file.stat()
  const start = await read(file, 0, Math.min(size, LONGEST_HEADER), path)
  const { dtype, shape, itemBytes, dataStart } = readNpyHeader(start, path)
  const rowShape = shape.slice(1)
  const rowBytes = rowShape.reduce((product, side) => product * side, itemBytes)
  const expected = rowBytes * (shape[0] ?? 1)
  if (size - dataStart !== expected) {
    throw badFile({
      source: path,
      found: `${size - dataStart} bytes of data`,
      expected: `${expected} for ${dtype} of shape [${shape.join(', ')}]`,
    })
  }
  return {
    dtype,
    shape,
    async rows(first, count) {
      const data = await read(file, dataStart + first * rowBytes, count * rowBytes, path)
      return readNpy(Buffer.concat([npyHeader(dtype, [count, ...rowShape]), data]), path)
    },
    close: () => file.close(),
  }
}

async function read(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file
      .read(buffer, filled, length - filled, position + filled)
      .catch((cause: unknown) => {
        throw notReadable(path, cause)
      })
    if (bytesRead === 0) {
      throw badFile({
        source: path,
        found: 'an early end',
        expected: 'the length that it had when it was opened',
      })
    }
    filled += bytesRead
  }
  return buffer
}

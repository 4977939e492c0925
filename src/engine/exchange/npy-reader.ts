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

/**
 * Reads a .npy file that comes in pieces, e.g. out of a zip. Rows are best read in their order: going back begins anew.
 *
 * @param open begins with the first piece
 * @param bytes length of the whole file
 * @param source its name, for messages
 * @throws HeatproofError `bad_file`
 */
export async function openNpyStream(
  open: () => AsyncIterable<Uint8Array>,
  bytes: number,
  source: string,
): Promise<NpyReader> {
  let pieces = new PieceReader(open(), source)
  const start = await pieces.atMost(Math.min(bytes, LONGEST_HEADER))
  const layout = layoutOf(start, bytes, source)
  const { dtype, shape, rowShape, rowBytes, dataStart } = layout
  const beginAt = async (position: number) => {
    if (position < pieces.position) {
      await pieces.close()
      pieces = new PieceReader(open(), source)
    }
    await pieces.skipTo(position)
  }
  return {
    dtype,
    shape,
    async rows(first, count) {
      await beginAt(dataStart + first * rowBytes)
      const data = await pieces.exactly(count * rowBytes)
      return readNpy(Buffer.concat([npyHeader(dtype, [count, ...rowShape]), data]), source)
    },
    close: () => pieces.close(),
  }
}

/** Reads pieces of any length as lengths that are asked for. */
class PieceReader {
  /** Bytes that were taken. */
  position = 0
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #source: string
  #rest: Uint8Array = new Uint8Array()

  constructor(pieces: AsyncIterable<Uint8Array>, source: string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#source = source
  }

  async exactly(length: number): Promise<Buffer> {
    const bytes = await this.atMost(length)
    if (bytes.length === length) return bytes
    throw badFile({
      source: this.#source,
      found: 'an early end',
      expected: `${length - bytes.length} bytes more`,
    })
  }

  /** Fewer only where the file ends. */
  async atMost(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length)
    let filled = 0
    while (filled < length) {
      const piece = await this.#some()
      if (piece === null) break
      const taken = piece.subarray(0, length - filled)
      bytes.set(taken, filled)
      this.#rest = piece.subarray(taken.length)
      filled += taken.length
    }
    this.position += filled
    return bytes.subarray(0, filled)
  }

  async skipTo(position: number): Promise<void> {
    while (this.position < position) {
      const piece = await this.#some()
      if (piece === null) return
      const skipped = Math.min(piece.length, position - this.position)
      this.#rest = piece.subarray(skipped)
      this.position += skipped
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  async #some(): Promise<Uint8Array | null> {
    if (this.#rest.length > 0) return this.#rest
    try {
      const next = await this.#pieces.next()
      return next.done === true ? null : next.value
    } catch (cause) {
      throw badFile({
        source: this.#source,
        found: 'data that cannot be unpacked',
        expected: 'a whole file',
        cause,
      })
    }
  }
}

/** @param size bytes of the whole file */
function layoutOf(start: Uint8Array, size: number, source: string) {
  const { dtype, shape, itemBytes, dataStart } = readNpyHeader(start, source)
  const rowShape = shape.slice(1)
  const rowBytes = rowShape.reduce((product, side) => product * side, itemBytes)
  const expected = rowBytes * (shape[0] ?? 1)
  if (size - dataStart !== expected) {
    throw badFile({
      source,
      found: `${size - dataStart} bytes of data`,
      expected: `${expected} for ${dtype} of shape [${shape.join(', ')}]`,
    })
  }
  return { dtype, shape, rowShape, rowBytes, dataStart }
}

async function readerOf(file: FileHandle, path: string): Promise<NpyReader> {
  const { size } = await file.stat()
  const start = await read(file, 0, Math.min(size, LONGEST_HEADER), path)
  const { dtype, shape, rowShape, rowBytes, dataStart } = layoutOf(start, size, path)
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

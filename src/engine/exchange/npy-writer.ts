import { HeatproofError } from '../../shared/errors.ts'
import { createAtomicFile } from './atomic-file.ts'
import { npyHeader } from './npy-header.ts'

/** Writes a float32 array too large for memory, piece by piece; the file appears when it is whole. */
export interface NpyWriter {
  /** Appends the next values in row-major order; any number of rows at a time. */
  append(values: Float32Array): Promise<void>
  /** Puts the file in its place. @throws HeatproofError `internal` where values are missing */
  finish(): Promise<void>
  /** Leaves nothing behind; harmless after `finish`. */
  discard(): Promise<void>
}

/**
 * Begins a .npy file of known shape. Use it as
 *
 *     const writer = await createNpyWriter(path, [count, 28, 84])
 *     try { for (…) await writer.append(batch); await writer.finish() } finally { await writer.discard() }
 *
 * @throws HeatproofError `cannot_write` (from every step), `internal` (more values than the shape holds)
 */
export async function createNpyWriter(path: string, shape: readonly number[]): Promise<NpyWriter> {
  const total = shape.reduce((product, size) => product * size, 1)
  const file = await createAtomicFile(path)
  let written = 0
  const wrongCount = (found: number) =>
    new HeatproofError('internal', {
      found: `${found} values for ${path}`,
      expected: `${total} for its shape [${shape.join(', ')}]`,
      advice: 'Nothing was written; please report this.',
    })
  try {
    await file.write(npyHeader('float32', shape))
  } catch (error) {
    await file.discard()
    throw error
  }
  return {
    async append(values) {
      written += values.length
      if (written > total) throw wrongCount(written)
      await file.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    },
    async finish() {
      if (written !== total) throw wrongCount(written)
      await file.commit()
    },
    discard: () => file.discard(),
  }
}

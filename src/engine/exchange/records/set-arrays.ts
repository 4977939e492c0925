import { requireFinite } from '../bad-input.ts'
import type { SetContent } from '../audited-set-content.ts'
import { npyFloats } from '../npy.ts'
import { openNpyStream, type NpyReader } from '../npy-reader.ts'
import { badRecord } from './record-lines.ts'

/** Bytes of an array that are read at a time. */
const BLOCK_BYTES = 2 ** 22

/** Rows of the array files of a set, read best in the order in which they stand there. */
export class SetArrays {
  readonly #content: SetContent
  #file = ''
  #reader: NpyReader | undefined
  #block: { first: number; values: Float32Array } = { first: 0, values: new Float32Array() }

  constructor(content: SetContent) {
    this.#content = content
  }

  /**
   * A row, which must have this shape.
   *
   * @param line of the record that refers to it
   * @throws HeatproofError `bad_file`, `bad_values`
   */
  async row(
    { file, row }: { file: string; row: number },
    shape: readonly number[],
    line: number,
  ): Promise<Float32Array> {
    const reader = await this.#open(file, line)
    const own = reader.shape.slice(1)
    if (reader.dtype !== 'float32' || own.join() !== shape.join() || row >= (reader.shape[0] ?? 0)) {
      throw badRecord(
        line,
        `row ${row} of ${file}, which is ${reader.dtype} of shape [${reader.shape.join(', ')}],`,
        `a row of float32 [${shape.join(', ')}]`,
      )
    }
    const size = shape.reduce((product, length) => product * length, 1)
    const { first, values } = this.#block
    const isThere = row >= first && (row - first + 1) * size <= values.length
    if (!isThere) await this.#read(reader, row, size)
    const at = (row - this.#block.first) * size
    return this.#block.values.slice(at, at + size)
  }

  async close(): Promise<void> {
    await this.#reader?.close()
    this.#reader = undefined
  }

  async #open(file: string, line: number): Promise<NpyReader> {
    if (this.#file === file && this.#reader !== undefined) return this.#reader
    const entry = this.#content.entries.find(({ path }) => path === file)
    if (entry === undefined) throw badRecord(line, `the file ${JSON.stringify(file)}`, 'a file of the set')
    await this.close()
    this.#reader = await openNpyStream(() => this.#content.stream(file), entry.bytes, file)
    this.#file = file
    this.#block = { first: 0, values: new Float32Array() }
    return this.#reader
  }

  async #read(reader: NpyReader, first: number, size: number): Promise<void> {
    const rows = Math.max(1, Math.floor(BLOCK_BYTES / (4 * size)))
    const count = Math.min(rows, (reader.shape[0] ?? 0) - first)
    const values = Float32Array.from(npyFloats(await reader.rows(first, count), this.#file))
    requireFinite(values, `row ${first} and those after it`, this.#file)
    this.#block = { first, values }
  }
}

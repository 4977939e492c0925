import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeCsv, type CsvCell } from './csv.ts'
import { writeJsonLines } from './jsonl.ts'

/** The folder in which a set is made. Paths are relative to it, with `/`; folders are made as they are needed. */
export class SetFolder {
  readonly root: string
  readonly #open = new Set<FileHandle>()

  constructor(root: string) {
    this.root = root
  }

  /** Absolute path of a file that is about to be written. */
  async place(path: string): Promise<string> {
    const file = join(this.root, path)
    await mkdir(dirname(file), { recursive: true })
    return file
  }

  /** Writes a new file; the path must not be taken. */
  async write(path: string, content: string | Uint8Array): Promise<void> {
    await writeFile(await this.place(path), content, { flag: 'wx' })
  }

  /** Begins a CSV table. */
  async table(path: string, columns: readonly string[]): Promise<Rows<readonly CsvCell[]>> {
    const append = await this.#begin(path)
    const header = writeCsv(columns, [])
    await append(header)
    return (rows) => append(writeCsv(columns, rows).slice(header.length))
  }

  /** Begins a JSON Lines file. */
  async lines(path: string): Promise<Rows<object>> {
    const append = await this.#begin(path)
    return (values) => append(writeJsonLines(values))
  }

  /** Begins a text file, which is written piece by piece. */
  text(path: string): Promise<(text: string) => Promise<void>> {
    return this.#begin(path)
  }

  /** Closes what was begun. */
  async close(): Promise<void> {
    for (const file of this.#open) await file.close()
    this.#open.clear()
  }

  async #begin(path: string): Promise<(text: string) => Promise<void>> {
    const file = await open(await this.place(path), 'wx')
    this.#open.add(file)
    return (text) => file.appendFile(text)
  }
}

/** Appends rows to a table. */
export type Rows<Row> = (rows: readonly Row[]) => Promise<void>

import { basename, dirname, extname, join, resolve } from 'node:path'
import { writeFileAtomically } from '../../engine/exchange/atomic-file.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { writeTogether } from './output-folder.ts'

/** A file that a command writes, in the format that its ending names. */
export interface OutputFile<Format extends string> {
  path: string
  format: Format
}

/** @throws HeatproofError `bad_argument` for another ending */
export function fileOfEnding<Format extends string>(
  option: string,
  path: string,
  formats: readonly Format[],
): OutputFile<Format> {
  const ending = extname(path).slice(1).toLowerCase()
  const format = formats.find((known) => known === ending)
  if (format !== undefined) return { path: resolve(path), format }
  throw new HeatproofError('bad_argument', {
    found: `${option} ${path}`,
    expected: `a file that ends in ${formats.map((known) => `.${known}`).join(', ')}`,
    advice: `Name the file with the ending of its format.`,
  })
}

/**
 * Writes a file whole or not at all; a place that cannot be written is refused before `make` begins its work.
 *
 * @throws HeatproofError `conflict` where the file is there already, `cannot_write`, and what `make` throws
 */
export async function writeMade(
  path: string,
  force: boolean,
  make: () => Promise<Uint8Array | string>,
): Promise<void> {
  const name = basename(path)
  await writeTogether({ folder: dirname(path), names: [name], force }, async (temporary) => {
    const content = await make()
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    await writeFileAtomically(join(temporary, name), bytes)
  })
}

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Zip, ZipDeflate } from 'fflate'
import { HeatproofError } from '../../shared/errors.ts'
import { writeAtomically } from './atomic-file.ts'
import { requireConfined } from './confined-path.ts'

export interface ZipEntry {
  /** Path in the archive, with `/`, e.g. `maps/dtd.npy`. */
  path: string
  /** The file to be packed. */
  file: string
}

/** Limits of the format without its 64-bit extension. */
const MOST_BYTES = 2 ** 32 - 1
const MOST_FILES = 65_535
/** More than the headers of one entry take. */
const HEADER_BYTES = 1000

/**
 * Packs files into a zip, one after the other in small pieces. Entries are sorted by path and carry a fixed time, so
 * the same files give the same bytes. The zip appears when it is whole.
 *
 * @throws HeatproofError `bad_file` (a path that leaves the archive), `bad_argument` (a path twice, 4 GiB or 65,535 files exceeded),
 *   `not_found`, `cannot_write`
 */
export async function writeZip(target: string, entries: readonly ZipEntry[]): Promise<void> {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
  await requirePackable(sorted)
  await writeAtomically(target, async (output) => {
    let ready: Uint8Array[] = []
    const zip = new Zip((error, piece) => {
      if (error) throw error
      ready.push(piece)
    })
    const flush = async () => {
      const pieces = ready
      ready = []
      for (const piece of pieces) await output.write(piece)
    }
    for (const { path, file } of sorted) {
      const entry = new ZipDeflate(path, { level: 6 })
      entry.mtime = fixedTime()
      zip.add(entry)
      const source: AsyncIterable<Uint8Array> = createReadStream(file)
      for await (const piece of source) {
        entry.push(piece)
        await flush()
      }
      entry.push(new Uint8Array(0), true)
      await flush()
    }
    zip.end()
    await flush()
  })
}

/** The earliest time that the format knows; it stores local time, so this is the same bytes in every zone. */
function fixedTime(): Date {
  return new Date(1980, 0, 1)
}

async function requirePackable(entries: readonly ZipEntry[]): Promise<void> {
  let bytes = 0
  const paths = new Set<string>()
  for (const { path, file } of entries) {
    requireConfined(path, 'the zip')
    paths.add(path)
    bytes += (await sizeOf(file)) + HEADER_BYTES
  }
  if (entries.length <= MOST_FILES && bytes <= MOST_BYTES && paths.size === entries.length) return
  throw new HeatproofError('bad_argument', {
    found: `${entries.length} files of ${paths.size} different paths and ${bytes} bytes for one zip`,
    expected: `up to ${MOST_FILES} files of different paths and ${MOST_BYTES} bytes`,
    advice: 'Export to a folder, or export a smaller set.',
  })
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (cause) {
    throw new HeatproofError('not_found', {
      found: `no file ${file}`,
      expected: 'every file of the zip',
      advice: 'Make the export again.',
      cause,
    })
  }
}

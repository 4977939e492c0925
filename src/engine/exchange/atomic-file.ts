import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'
import { roomNoteFor } from '../disk-room.ts'

/** A file that appears under its name only when it is whole. */
export interface AtomicFile {
  write(bytes: Uint8Array): Promise<void>
  /** Puts the file in its place, over an older one of that name. */
  commit(): Promise<void>
  /** Removes what was written; after `commit` it does nothing. */
  discard(): Promise<void>
}

/**
 * Begins a file beside `path` under a temporary name. Call `commit` at the end, `discard` on any failure.
 *
 * @throws HeatproofError `cannot_write` (from every step: folder missing, read-only, disk full)
 */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  const attempt = async <Result>(step: () => Promise<Result>) => {
    try {
      return await step()
    } catch (cause) {
      throw cannotWrite(path, cause)
    }
  }
  const file = await attempt(() => open(temporary, 'wx'))
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    async write(bytes) {
      await attempt(() => file.writeFile(bytes))
    },
    async commit() {
      await attempt(async () => {
        await file.sync()
        await close()
        await rename(temporary, path)
      })
    },
    async discard() {
      await close()
      await rm(temporary, { force: true })
    },
  }
}

/** Writes a whole file at once: either all of it is there afterwards, or what was there before. */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await writeAtomically(path, (file) => file.write(bytes))
}

/** Runs `write` on a new file and puts it in its place; when anything fails, nothing is left behind. */
export async function writeAtomically(
  path: string,
  write: (file: AtomicFile) => Promise<void>,
): Promise<void> {
  const file = await createAtomicFile(path)
  try {
    await write(file)
    await file.commit()
  } catch (error) {
    await file.discard()
    throw error
  }
}

function cannotWrite(path: string, cause: unknown): HeatproofError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HeatproofError('cannot_write', {
    found: `that ${path} cannot be written (${reason})${roomNoteFor(cause, path)}`,
    expected: 'an existing, writable folder on a disk with room',
    advice: 'Free some space or choose another folder; nothing half-written was left.',
    cause,
  })
}

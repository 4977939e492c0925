import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { roomNoteFor } from '../../engine/disk-room.ts'
import { HeatproofError } from '../../shared/errors.ts'

export interface OutputFolder {
  folder: string
  /** The files that `write` makes. */
  names: readonly string[]
  /** Whether files of these names that are there already are replaced. */
  force: boolean
}

/**
 * Makes several files that appear in a folder together or not at all. They are written into a hidden folder inside it and
 * moved when all are whole; when anything fails, everything is as it was before.
 *
 * @throws HeatproofError `conflict` (a file is there already), `cannot_write`, and what `write` throws
 */
export async function writeTogether<Result>(
  { folder, names, force }: OutputFolder,
  write: (temporaryFolder: string) => Promise<Result>,
): Promise<Result> {
  const present = names.filter((name) => existsSync(join(folder, name)))
  if (present.length > 0 && !force) throw alreadyThere(folder, present)
  const attempt = <Value>(step: Promise<Value>) =>
    step.catch((cause: unknown) => {
      throw cannotWrite(folder, cause)
    })
  const made = await attempt(makeFolder(folder))
  let temporary: string | undefined
  try {
    temporary = await attempt(mkdtemp(join(folder, '.heatproof-')))
    const result = await write(temporary)
    await attempt(moveAll(temporary, folder, names))
    return result
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true })
    throw error
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Makes a folder and those above it, or none; gives the first that was made. (Node's own way hides why a folder cannot be
 * made: on a read-only disk it says that there is no such folder.)
 */
async function makeFolder(folder: string): Promise<string | undefined> {
  if (existsSync(folder)) return undefined
  const above = await makeFolder(dirname(folder))
  try {
    await mkdir(folder)
  } catch (error) {
    if (above !== undefined) await rm(above, { recursive: true, force: true })
    throw error
  }
  return above ?? folder
}

/** Moves the new files to their places; older ones of their names come back when that fails. */
async function moveAll(from: string, to: string, names: readonly string[]): Promise<void> {
  const undo: (() => Promise<void>)[] = []
  const move = async (source: string, destination: string) => {
    await rename(source, destination)
    undo.unshift(() => rename(destination, source))
  }
  try {
    for (const name of names) {
      if (existsSync(join(to, name))) await move(join(to, name), join(from, `${name}.older`))
      await move(join(from, name), join(to, name))
    }
  } catch (error) {
    for (const step of undo) await step()
    throw error
  }
}

function alreadyThere(folder: string, present: readonly string[]): HeatproofError {
  return new HeatproofError('conflict', {
    found: `${present.join(', ')} in ${folder} already`,
    expected: 'a folder without files of these names',
    advice: 'Choose another folder, or replace them with --force.',
  })
}

function cannotWrite(folder: string, cause: unknown): HeatproofError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HeatproofError('cannot_write', {
    found: `that files cannot be written into ${folder} (${reason})${roomNoteFor(cause, folder)}`,
    expected: 'a writable folder on a disk with room',
    advice: 'Free some space or choose another folder; nothing half-written was left.',
    cause,
  })
}

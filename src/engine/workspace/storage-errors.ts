import { ZodError } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { formatBytes } from '../../shared/units.ts'
import { freeRoom, roomNote } from '../disk-room.ts'

/** Turns what SQLite or the file system says about a file that cannot be used into the error that users see. */
export function coerceStorageError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return workspaceInUse(path, error)
  if (code.startsWith('SQLITE_NOTADB')) return notAWorkspace(path, 'a file of another kind', error)
  if (code.startsWith('SQLITE_CORRUPT') || error instanceof ZodError || error instanceof SyntaxError) {
    return damaged(path, error)
  }
  const reason = WRITE_REASONS.find(([prefix]) => code.startsWith(prefix))?.[1]
  return reason === undefined ? error : cannotWrite(path, reason, error)
}

const FULL_DISK = 'a full disk'

const WRITE_REASONS: readonly (readonly [prefix: string, reason: string])[] = [
  ['SQLITE_FULL', FULL_DISK],
  ['SQLITE_READONLY', 'a file or folder that is read-only'],
  ['SQLITE_CANTOPEN', 'a folder in which no file can be made'],
  ['SQLITE_PERM', 'a file that may not be opened'],
  ['SQLITE_AUTH', 'a file that may not be opened'],
  ['SQLITE_IOERR', 'a disk that reports an error'],
  ['ENOSPC', FULL_DISK],
  ['EDQUOT', 'a disk quota that is used up'],
  ['EROFS', 'a file system that is read-only'],
  ['EACCES', 'a file or folder that may not be written'],
  ['EPERM', 'a file or folder that may not be written'],
  ['EIO', 'a disk that reports an error'],
  ['EFBIG', 'a file that may not become larger'],
]

export function cannotWrite(path: string, reason: string, cause?: unknown): HeatproofError {
  return new HeatproofError('cannot_write', {
    found: `${reason} at ${path}${reason === FULL_DISK ? roomNote(path) : ''}`,
    expected: 'a file that can be written, in a folder that can be written, with room on the disk',
    advice: 'Make room, change the permissions, or choose another place. Nothing was half-written.',
    cause,
  })
}

/**
 * Refuses to begin what cannot fit.
 *
 * @param bytes what is going to be written at least
 * @throws HeatproofError `cannot_write`, with what is free and what is needed
 */
export function requireRoom(path: string, bytes: number): void {
  const free = freeRoom(path)
  if (free === undefined || free >= bytes) return
  throw cannotWrite(path, `too little room (${formatBytes(free)} free, ${formatBytes(bytes)} needed)`)
}

export function workspaceInUse(path: string, cause?: unknown): HeatproofError {
  return new HeatproofError('workspace_in_use', {
    found: `the workspace ${path} open in another process or window`,
    expected: 'a workspace that nobody else has open',
    advice: 'Close it there, or work in that window.',
    cause,
  })
}

function damaged(path: string, cause: unknown): HeatproofError {
  return new HeatproofError('not_a_workspace', {
    found: `damage in the workspace ${path}`,
    expected: 'a whole workspace',
    advice: 'Go back to a backup with `heatproof restore`, or save what can be read with `heatproof repair`.',
    cause,
  })
}

export function notAWorkspace(path: string, found: string, cause?: unknown): HeatproofError {
  return new HeatproofError('not_a_workspace', {
    found: `${found} at ${path}`,
    expected: 'a Heatproof workspace',
    advice: 'Choose a .heatproof file, or make one with `heatproof init FILE`. The file was not touched.',
    cause,
  })
}

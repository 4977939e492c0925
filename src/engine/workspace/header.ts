import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { HeatproofError } from '../../shared/errors.ts'
import { coerceStorageError, notAWorkspace } from './storage-errors.ts'
import { WORKSPACE_VERSION } from './migrations/migrations.ts'

/** `HTFR`: marks an SQLite file as a Heatproof workspace. */
export const APPLICATION_ID = 0x48544652

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68

/**
 * Refuses a file that is no workspace or one of a newer version. It reads the file's first bytes (SQLite file format,
 * section 1.3) and does not open it as a database, so that nothing about the file changes.
 *
 * The caller must not have the file open: closing it here would drop the process's locks on it.
 * @throws HeatproofError `not_a_workspace`, `newer_workspace`, `cannot_write`
 */
export function checkHeader(path: string): void {
  const header = readHeader(path)
  if (header === 'folder') throw notAWorkspace(path, 'a folder')
  if (header.length === 0) throw notAWorkspace(path, 'an empty file')
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw notAWorkspace(path, 'a file of another kind')
  }
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw notAWorkspace(path, "another program's database")
  }
  const version = header.readUInt32BE(USER_VERSION_AT)
  if (version > WORKSPACE_VERSION) throw newerWorkspace(path, version)
}

/** The version of a workspace's tables, from its header. */
export function readVersion(path: string): number {
  const header = readHeader(path)
  return header === 'folder' || header.length < HEADER_BYTES ? 0 : header.readUInt32BE(USER_VERSION_AT)
}

function readHeader(path: string): Buffer | 'folder' {
  let file
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) return 'folder'
    if (!stats.isFile()) throw notAWorkspace(path, 'a pipe or device')
    file = openSync(path, 'r')
  } catch (error) {
    throw coerceStorageError(error, path)
  }
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}

function newerWorkspace(path: string, version: number): HeatproofError {
  return new HeatproofError('newer_workspace', {
    found: `a workspace of version ${version} at ${path}`,
    expected: `version ${WORKSPACE_VERSION} or older`,
    advice: 'Open it with a newer Heatproof. The file was not touched.',
  })
}

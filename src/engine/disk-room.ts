import { existsSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { formatBytes } from '../shared/units.ts'

/** Bytes that may still be written where a path is or will be; undefined where the system does not say. */
export function freeRoom(path: string): number | undefined {
  let place = resolve(path)
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  try {
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize
  } catch {
    return undefined
  }
}

/** What a message about a full disk adds: how much is free at this moment; empty where the system does not say. */
export function roomNote(path: string): string {
  const free = freeRoom(path)
  return free === undefined ? '' : ` (${formatBytes(free)} free, more was needed)`
}

/** The same where a write failed for any cause: empty unless the disk was full. */
export function roomNoteFor(cause: unknown, path: string): string {
  const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
  return full ? roomNote(path) : ''
}

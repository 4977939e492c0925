import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { makeVersion } from './make-version.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/workspaces')

/** Where the workspace of a version is kept. */
export function fixtureOf(version: number): string {
  return join(FOLDER, `version-${String(version).padStart(2, '0')}.heatproof.gz`)
}

/** Puts a workspace of a version at the path: the kept one, or one made now where none is kept yet. */
export async function placeVersion(version: number, path: string): Promise<void> {
  const kept = fixtureOf(version)
  if (existsSync(kept)) writeFileSync(path, gunzipSync(readFileSync(kept)))
  else await makeVersion(path, version)
}

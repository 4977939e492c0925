import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportCandidate } from '../../../shared/contract/imports.ts'
import { FORMATS } from './import-formats.ts'
import { importSource } from './import-source.ts'

/** The most names of a folder that are looked at. */
const LOOKED_AT = 1000

/** What lies directly in some folders and can be imported, by name; what cannot be read is left out. */
export async function importCandidates(folders: readonly string[]): Promise<ImportCandidate[]> {
  const found: ImportCandidate[] = []
  for (const folder of folders) {
    for (const name of (await namesIn(folder)).slice(0, LOOKED_AT)) {
      const candidate = await candidateAt(join(folder, name), name, folders)
      if (candidate !== undefined) found.push(candidate)
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function candidateAt(
  path: string,
  name: string,
  folders: readonly string[],
): Promise<ImportCandidate | undefined> {
  try {
    const real = importSource(path, folders)
    for (const format of FORMATS) if (await format.detect(real)) return { path, name, format: format.name }
  } catch {
    return undefined
  }
  return undefined
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  } catch {
    return []
  }
}

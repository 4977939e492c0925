import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Difference, ExportRecord } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { openArchive } from './audited-set-archive.ts'
import { openFolder, unsafePath, type ContentEntry, type SetContent } from './audited-set-content.ts'
import { MANIFEST, parseManifest, type AnySetManifest, type ListedFile } from './audited-set-manifest.ts'
import { badFile } from './bad-input.ts'
import { sha256 } from './sha256.ts'

export interface Verification {
  format: 'folder' | 'zip'
  manifest: AnySetManifest
  manifestSha256: string
  /** Files that were compared, the manifest included. */
  files: number
  /** At most one a path, by path; none: the set is as it was written. */
  differences: Difference[]
}

/**
 * Compares an audited set with its manifest: every file there, unchanged, no other, and nothing that is unsafe to unpack.
 *
 * @param manifestSha256 what the manifest's own hash must be, where it is known
 * @throws HeatproofError `not_found`, `bad_file` (no audited set)
 */
export async function verifyAuditedSet(path: string, manifestSha256?: string): Promise<Verification> {
  const content = await openSet(path)
  try {
    const { manifest, manifestSha256: found } = await manifestOf(content, path)
    const differences = await compare(manifest.files, content.entries)
    if (manifestSha256 !== undefined && manifestSha256 !== found) {
      const wanted = `SHA-256 ${manifestSha256}`
      setDifference(differences, MANIFEST, 'changed', `SHA-256 ${found}`, wanted)
    }
    return {
      format: content.format,
      manifest,
      manifestSha256: found,
      files: manifest.files.length + 1,
      differences: [...differences.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    }
  } finally {
    await content.close()
  }
}

/** SHA-256 of the set's manifest; nothing is compared. @throws HeatproofError as {@link verifyAuditedSet} */
export async function readManifestHash(path: string): Promise<string> {
  const content = await openSet(path)
  try {
    return (await manifestOf(content, path)).manifestSha256
  } finally {
    await content.close()
  }
}

async function manifestOf(
  content: SetContent,
  path: string,
): Promise<{ manifest: AnySetManifest; manifestSha256: string }> {
  const text = await content.read(MANIFEST)
  if (text === undefined) {
    throw badFile({
      source: path,
      found: `no ${MANIFEST}`,
      expected: 'the folder or zip of an audited set',
      advice: 'Give the folder or zip that an export has made.',
    })
  }
  const manifest = parseManifest(text.toString('utf8'), `${MANIFEST} of ${path}`)
  return { manifest, manifestSha256: sha256(text) }
}

/** Verifies a set that the workspace recorded. That it is gone, or no set any more, is a difference too. */
export async function verifyRecordedSet({
  path,
  manifestSha256,
}: Pick<ExportRecord, 'path' | 'manifestSha256'>): Promise<{ files: number; differences: Difference[] }> {
  try {
    const { files, differences } = await verifyAuditedSet(path, manifestSha256)
    return { files, differences }
  } catch (error) {
    if (!(error instanceof HeatproofError)) throw error
    const problem = error.code === 'not_found' ? 'missing' : 'changed'
    const expected = `the set whose manifest has SHA-256 ${manifestSha256}`
    return { files: 0, differences: [{ path: basename(path), problem, found: error.found, expected }] }
  }
}

/** Opens a folder or zip. @throws HeatproofError `not_found`, `bad_file` (no readable zip) */
export async function openSet(path: string): Promise<SetContent> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return await openFolder(path)
  if (found?.isFile() === true) return await openArchive(path)
  throw new HeatproofError('not_found', {
    found: `no folder or file ${path}`,
    expected: 'the folder or zip of an audited set',
    advice: 'Check the path.',
  })
}

type Differences = Map<string, Difference>

async function compare(
  listed: readonly ListedFile[],
  entries: readonly ContentEntry[],
): Promise<Differences> {
  const differences: Differences = new Map()
  const expected = new Map<string, ListedFile>()
  for (const file of listed) {
    const problem = unsafePath(file.path) ?? (expected.has(file.path) ? 'a file that is listed twice' : null)
    if (problem === null) expected.set(file.path, file)
    else setDifference(differences, file.path, 'unsafe', `${problem}, in the manifest`, PLAIN)
  }
  const seen = new Set<string>()
  for (const entry of entries) {
    const { path } = entry
    const problem = entry.unsafe ?? (seen.has(path) ? 'a second file of this name' : null)
    seen.add(path)
    if (problem !== null) setDifference(differences, path, 'unsafe', problem, PLAIN)
    else if (path !== MANIFEST) await compareFile(differences, expected.get(path), entry)
  }
  for (const file of expected.values()) {
    if (!seen.has(file.path)) setDifference(differences, file.path, 'missing', 'no file', describe(file))
  }
  return differences
}

const PLAIN = 'a plain file inside the set, once'

async function compareFile(
  differences: Differences,
  expected: ListedFile | undefined,
  { path, bytes, hash }: ContentEntry,
): Promise<void> {
  if (expected === undefined) {
    setDifference(differences, path, 'extra', `${bytes} bytes`, 'no such file')
    return
  }
  const found = bytes === expected.bytes ? await hash() : undefined
  if (found === expected.sha256) return
  const text =
    found === null
      ? 'content that cannot be unpacked'
      : found === undefined
        ? `${bytes} bytes`
        : describe({ bytes, sha256: found })
  setDifference(differences, path, 'changed', text, describe(expected))
}

function setDifference(
  differences: Differences,
  path: string,
  problem: Difference['problem'],
  found: string,
  expected: string,
): void {
  differences.set(path, { path, problem, found, expected })
}

function describe({ bytes, sha256: hash }: Pick<ListedFile, 'bytes' | 'sha256'>): string {
  return `${bytes} bytes, SHA-256 ${hash}`
}

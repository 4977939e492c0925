import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'
import { badFile } from './bad-input.ts'
import { requireConfined } from './confined-path.ts'
import { sha256OfFile } from './sha256.ts'

/** One file of a folder. */
export interface ManifestEntry {
  /** Relative to the folder, with `/`. */
  path: string
  bytes: number
  /** SHA-256 of its content, in hexadecimal. */
  sha256: string
}

/** How a folder differs from its manifest. */
export type ManifestDifference =
  | { kind: 'missing'; path: string; expected: ManifestEntry }
  | { kind: 'extra'; path: string; found: ManifestEntry }
  | { kind: 'changed'; path: string; expected: ManifestEntry; found: ManifestEntry }

/**
 * Lists every file of a folder with size and hash, sorted by path.
 *
 * @param except paths that are left out, e.g. the manifest itself
 * @throws HeatproofError `not_found` (no folder), `bad_file` (a link or anything else that is no plain file or folder)
 */
export async function listFolder(folder: string, except: readonly string[] = []): Promise<ManifestEntry[]> {
  await requireFolder(folder)
  const paths = (await plainFiles(folder, '')).filter((path) => !except.includes(path))
  const entries: ManifestEntry[] = []
  for (const path of paths.sort()) {
    const file = join(folder, path)
    entries.push({ path, bytes: (await stat(file)).size, sha256: await sha256OfFile(file) })
  }
  return entries
}

/**
 * Compares a folder with the entries of its manifest.
 *
 * @param except paths that do not count, e.g. the manifest itself
 * @returns the differences sorted by path; none when the folder is what the manifest says
 * @throws HeatproofError as {@link listFolder}; `bad_file` also for entries that are malformed, stand twice or lead
 *   out of the folder
 */
export async function verifyFolder(
  folder: string,
  entries: readonly ManifestEntry[],
  except: readonly string[] = [],
): Promise<ManifestDifference[]> {
  const expectedByPath = indexEntries(entries, folder)
  const foundByPath = new Map((await listFolder(folder, except)).map((entry) => [entry.path, entry]))
  const paths = [...new Set([...expectedByPath.keys(), ...foundByPath.keys()])].sort()
  return paths.flatMap((path) => differenceOf(path, expectedByPath.get(path), foundByPath.get(path)) ?? [])
}

function differenceOf(
  path: string,
  expected: ManifestEntry | undefined,
  found: ManifestEntry | undefined,
): ManifestDifference | undefined {
  if (expected === undefined) return found && { kind: 'extra', path, found }
  if (found === undefined) return { kind: 'missing', path, expected }
  const same = found.bytes === expected.bytes && found.sha256 === expected.sha256
  return same ? undefined : { kind: 'changed', path, expected, found }
}

function indexEntries(entries: readonly ManifestEntry[], folder: string): Map<string, ManifestEntry> {
  const source = `the manifest of ${folder}`
  const byPath = new Map<string, ManifestEntry>()
  for (const entry of entries) {
    requireConfined(entry.path, source)
    const wellFormed =
      Number.isSafeInteger(entry.bytes) && entry.bytes >= 0 && /^[0-9a-f]{64}$/.test(entry.sha256)
    if (!wellFormed || byPath.has(entry.path)) {
      throw badFile({
        source,
        found: `the entry ${JSON.stringify(entry)}`,
        expected: 'every file once, with its bytes and its SHA-256 in 64 hexadecimal digits',
      })
    }
    byPath.set(entry.path, entry)
  }
  return byPath
}

async function requireFolder(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return
  throw new HeatproofError('not_found', {
    found: `no folder ${folder}`,
    expected: 'an existing folder',
    advice: 'Check the path; a zip must be unpacked first.',
  })
}

async function plainFiles(folder: string, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for (const name of await readdir(join(folder, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const found = await lstat(join(folder, path))
    if (found.isDirectory()) paths.push(...(await plainFiles(folder, path)))
    else if (found.isFile()) paths.push(path)
    else {
      throw badFile({
        source: folder,
        found: `${found.isSymbolicLink() ? 'the link' : 'the special file'} ${path}`,
        expected: 'plain files and folders only',
        advice: 'Remove it or put the file itself there.',
      })
    }
  }
  return paths
}

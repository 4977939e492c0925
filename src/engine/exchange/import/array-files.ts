import { join } from 'node:path'
import { openArchive } from '../audited-set-archive.ts'
import { openFolder, type SetContent } from '../audited-set-content.ts'
import { badFile } from '../bad-input.ts'
import { openNpyReader, openNpyStream, type NpyReader } from '../npy-reader.ts'

/** What an array holds; maps have a method each. */
const ROLES = {
  inputs: ['inputs', 'input', 'images', 'x'],
  labels: ['labels', 'label', 'y'],
  predictions: ['predictions', 'predicted'],
  logits: ['logits'],
  explained: ['explained'],
  regions: ['regions', 'masks'],
  marks: ['marks'],
} as const
export type ArrayRole = keyof typeof ROLES

export interface FoundArray {
  /** Path in the folder or .npz, for messages. */
  path: string
  open: () => Promise<NpyReader>
}

/** The arrays and texts of a folder or .npz, by what they hold. */
export interface ArrayFiles {
  format: 'folder' | 'npz'
  arrays: Partial<Record<ArrayRole, FoundArray>>
  /** By the name of the method. */
  maps: Map<string, FoundArray>
  /** Content of a text file of this name, undefined where there is none. */
  text: (name: string) => Promise<string | undefined>
  /** Files that are not known. */
  unknown: string[]
  /** SHA-256 of every file that is known, by path. */
  hashes: () => Promise<{ name: string; sha256: string }[]>
  close: () => Promise<void>
}

/** Texts beside the arrays. */
export const TEXTS = ['regions.json', 'regions.csv', 'names.txt', 'classes.txt', 'about.json'] as const
const MAPS = /^maps[/_](.+)\.npy$/
/** A folder of more is none of arrays. */
const MOST_FILES = 1000

/**
 * Lists the arrays of a folder or .npz. Nothing is unpacked onto the disk, and no link is followed.
 *
 * @throws HeatproofError `bad_file`: no zip, something unsafe in it, two arrays for one role
 */
export async function openArrayFiles(path: string, format: 'folder' | 'npz'): Promise<ArrayFiles> {
  const content = format === 'folder' ? await openFolder(path) : await openArchive(path)
  try {
    return sorted(content, path, format)
  } catch (error) {
    await content.close()
    throw error
  }
}

function sorted(content: SetContent, path: string, format: 'folder' | 'npz'): ArrayFiles {
  const arrays: ArrayFiles['arrays'] = {}
  const maps: ArrayFiles['maps'] = new Map()
  const unknown: string[] = []
  const known: SetContent['entries'] = []
  if (content.entries.length > MOST_FILES) {
    throw badFile({
      source: path,
      found: `${content.entries.length} files`,
      expected: `up to ${MOST_FILES}: one array for each of inputs, labels, …, and for each method`,
    })
  }
  for (const entry of content.entries) {
    const role = roleOf(entry.path)
    const method = MAPS.exec(entry.path)?.[1]
    if (role === undefined && method === undefined && !TEXTS.some((text) => text === entry.path)) {
      unknown.push(entry.path)
      continue
    }
    if (entry.unsafe !== null) {
      throw badFile({
        source: path,
        found: `${entry.unsafe}: ${JSON.stringify(entry.path)}`,
        expected: 'plain files alone',
      })
    }
    known.push(entry)
    const array: FoundArray = {
      path: entry.path,
      open: () =>
        format === 'folder'
          ? openNpyReader(join(path, entry.path))
          : openNpyStream(() => content.stream(entry.path), entry.bytes, `${path}: ${entry.path}`),
    }
    const twice = method === undefined ? role && arrays[role] : maps.get(method)
    if (twice !== undefined) {
      throw badFile({
        source: path,
        found: `${twice.path} and ${entry.path}, which are both ${role ?? `maps of ${method ?? ''}`},`,
        expected: 'one of them',
        advice: 'Take one of the two out.',
      })
    }
    if (role !== undefined) arrays[role] = array
    if (method !== undefined) maps.set(method, array)
  }
  return {
    ...{ format, arrays, maps, unknown },
    text: async (name) => decoded(await content.read(name), `${path}: ${name}`),
    async hashes() {
      const hashed: { name: string; sha256: string }[] = []
      for (const { path: name, hash } of known) {
        const sha256 = await hash()
        if (sha256 === null)
          throw badFile({
            source: path,
            found: `${name}, which cannot be unpacked,`,
            expected: 'a whole file',
          })
        hashed.push({ name, sha256 })
      }
      return hashed.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    close: content.close,
  }
}

function roleOf(path: string): ArrayRole | undefined {
  const name = /^([^/]+)\.npy$/.exec(path)?.[1]?.toLowerCase()
  return (Object.keys(ROLES) as ArrayRole[]).find((role) => ROLES[role].some((known) => known === name))
}

function decoded(bytes: Uint8Array | undefined, source: string): string | undefined {
  if (bytes === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw badFile({ source, found: 'bytes that are not UTF-8', expected: 'text in UTF-8', cause })
  }
}

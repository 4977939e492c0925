import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { requireConfined } from './confined-path.ts'
import { sha256OfFile } from './sha256.ts'

/** One name in a folder or zip. */
export interface ContentEntry {
  /** With `/` between its parts, as it stands there. */
  path: string
  /** What makes it unsafe to unpack or follow, null for a plain file. */
  unsafe: string | null
  /** As the folder or zip says, without reading the content. */
  bytes: number
  /** SHA-256 of the content; null when it cannot be unpacked. */
  hash: () => Promise<string | null>
}

/** The files of an audited set, whether folder or zip. Nothing is unpacked onto the disk, no link is followed. */
export interface SetContent {
  format: 'folder' | 'zip'
  entries: ContentEntry[]
  /** Content of a file, undefined when there is no such file. */
  read: (path: string) => Promise<Buffer | undefined>
  /** Content of a listed file in pieces, for what may be too large for memory. Its errors come while it is read. */
  stream: (path: string) => AsyncIterable<Uint8Array>
  close: () => Promise<void>
}

/** What is unsafe about a path, null when it stays inside the folder that it is joined to. */
export function unsafePath(path: string): string | null {
  try {
    requireConfined(path, '')
    return null
  } catch {
    return 'a path that leads out of the set'
  }
}

export async function openFolder(folder: string): Promise<SetContent> {
  return {
    format: 'folder',
    entries: await walk(folder, ''),
    async read(path) {
      const file = join(folder, path)
      const found = await stat(file).catch(() => undefined)
      return found?.isFile() === true ? await readFile(file) : undefined
    },
    stream: (path) => createReadStream(join(folder, path)),
    close: () => Promise.resolve(),
  }
}

async function walk(folder: string, prefix: string): Promise<ContentEntry[]> {
  const entries: ContentEntry[] = []
  for (const name of (await readdir(join(folder, prefix))).sort()) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const file = join(folder, path)
    const found = await lstat(file)
    if (found.isDirectory()) entries.push(...(await walk(folder, path)))
    else {
      const kind = found.isSymbolicLink() ? 'a link' : found.isFile() ? null : 'a special file'
      const unsafe = kind ?? unsafePath(path)
      entries.push({ path, unsafe, bytes: found.size, hash: () => sha256OfFile(file) })
    }
  }
  return entries
}

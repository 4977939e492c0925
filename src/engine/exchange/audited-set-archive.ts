import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { badFile } from './bad-input.ts'
import { unsafePath, type ContentEntry, type SetContent } from './audited-set-content.ts'

/*
 * A zip as unpacking programs see it: through the directory at its end (PKWARE's application note, section 4.3). The content
 * is read in pieces, and never more of it than the directory states.
 */

const END = { signature: 0x06054b50, bytes: 22 }
const CENTRAL = { signature: 0x02014b50, bytes: 46 }
const LOCAL = { signature: 0x04034b50, bytes: 30 }
const LONGEST_COMMENT = 65_535
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 0x0001
const UTF8 = 0x0800
/** Of the upper half of the external attributes, which holds the file mode of Unix. */
const FILE_TYPE = 0xf000
const LINK = 0xa000
/** Entries that are read as a whole, such as the manifest, may have so many bytes. */
const LARGEST_READ = 2 ** 28
/** Bytes that are read at a time. */
const PIECE = 2 ** 16

interface ZipRecord {
  path: string
  flags: number
  method: number
  packedBytes: number
  bytes: number
  attributes: number
  offset: number
}

/** The bytes of a zip, wherever they are. */
interface ZipBytes {
  size: number
  /** Up to so many bytes, fewer at the end. */
  readAt: (position: number, length: number) => Promise<Buffer>
  close: () => Promise<void>
}

/** @throws HeatproofError `bad_file` when the file is no readable zip */
export async function openArchive(path: string): Promise<SetContent> {
  const file = await open(path, 'r')
  const { size } = await file.stat()
  return openZip(
    {
      size,
      async readAt(position, length) {
        const buffer = Buffer.alloc(length)
        const { bytesRead } = await file.read(buffer, 0, length, position)
        return buffer.subarray(0, bytesRead)
      },
      close: () => file.close(),
    },
    path,
  )
}

/** A zip in memory. @throws HeatproofError `bad_file` when it is no readable zip */
export function openArchiveBytes(bytes: Uint8Array, source: string): Promise<SetContent> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return openZip(
    {
      size: whole.length,
      readAt: (position, length) => Promise.resolve(whole.subarray(position, position + length)),
      close: () => Promise.resolve(),
    },
    source,
  )
}

async function openZip(file: ZipBytes, source: string): Promise<SetContent> {
  try {
    const records = await readDirectory(file, source)
    const entries: ContentEntry[] = []
    for (const record of records) {
      if (isFolder(record)) continue
      entries.push({
        path: record.path,
        unsafe: (await unsafeRecord(file, record)) ?? null,
        bytes: record.bytes,
        hash: () => hashOf(file, record),
      })
    }
    return {
      format: 'zip',
      entries,
      async read(wanted) {
        const record = records.find((candidate) => candidate.path === wanted)
        if (record === undefined || record.bytes > LARGEST_READ) return undefined
        return await contentOf(file, record)
      },
      stream(wanted) {
        const record = records.find((candidate) => candidate.path === wanted)
        if (record === undefined) throw new Error(`no entry ${wanted}`)
        return piecesOf(file, record)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

function isFolder({ path, bytes }: ZipRecord): boolean {
  return path.endsWith('/') && bytes === 0 && unsafePath(path.slice(0, -1)) === null
}

async function unsafeRecord(file: ZipBytes, record: ZipRecord): Promise<string | null> {
  const { path, flags, method, attributes } = record
  if (((attributes >>> 16) & FILE_TYPE) === LINK) return 'a link'
  if ((flags & ENCRYPTED) !== 0) return 'an encrypted file'
  if (method !== STORED && method !== DEFLATED) return `a file packed by method ${method}`
  const header = await file.readAt(record.offset, LOCAL.bytes)
  if (header.length < LOCAL.bytes || header.readUInt32LE(0) !== LOCAL.signature)
    return 'a file without its header'
  const name = await file.readAt(record.offset + LOCAL.bytes, header.readUInt16LE(26))
  if (decode(name, flags) !== path)
    return `a file whose header calls it ${JSON.stringify(decode(name, flags))}`
  return unsafePath(path)
}

async function readDirectory(file: ZipBytes, source: string): Promise<ZipRecord[]> {
  const { size } = file
  const tailStart = Math.max(0, size - END.bytes - LONGEST_COMMENT)
  const tail = await file.readAt(tailStart, size - tailStart)
  const end = endOf(tail)
  if (end < 0) throw damaged(source, 'no directory at the end')
  const count = tail.readUInt16LE(end + 10)
  const bytes = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  if (start + bytes > tailStart + end) throw damaged(source, 'a directory that does not fit the file')
  const directory = await file.readAt(start, bytes)
  const records: ZipRecord[] = []
  let at = 0
  for (let index = 0; index < count; index += 1) {
    const complete =
      at + CENTRAL.bytes <= directory.length && directory.readUInt32LE(at) === CENTRAL.signature
    if (!complete) throw damaged(source, `${index} of ${count} entries in its directory`)
    const flags = directory.readUInt16LE(at + 8)
    const nameEnd = at + CENTRAL.bytes + directory.readUInt16LE(at + 28)
    records.push({
      path: decode(directory.subarray(at + CENTRAL.bytes, nameEnd), flags),
      flags,
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      attributes: directory.readUInt32LE(at + 38),
      offset: directory.readUInt32LE(at + 42),
    })
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  if (at !== directory.length) throw damaged(source, 'a directory with more than its entries')
  return records
}

/** Where the end record begins: the last one whose comment reaches to the end of the file. */
function endOf(tail: Buffer): number {
  for (let at = tail.length - END.bytes; at >= 0; at -= 1) {
    const fits = at + END.bytes + tail.readUInt16LE(at + 20) === tail.length
    if (fits && tail.readUInt32LE(at) === END.signature) return at
  }
  return -1
}

/** The unpacked content, as long as it has the length that the directory states. */
async function* piecesOf(file: ZipBytes, record: ZipRecord): AsyncGenerator<Uint8Array> {
  const packed = packedPieces(file, record)
  const unpacked: AsyncIterable<Uint8Array> =
    record.method === STORED ? packed : pipeline(packed, createInflateRaw(), () => undefined)
  let bytes = 0
  for await (const piece of unpacked) {
    bytes += piece.length
    if (bytes > record.bytes) throw new Error('more bytes than the directory states')
    yield piece
  }
  if (bytes < record.bytes) throw new Error('fewer bytes than the directory states')
}

async function* packedPieces(file: ZipBytes, record: ZipRecord): AsyncGenerator<Uint8Array> {
  const header = await file.readAt(record.offset, LOCAL.bytes)
  let at = record.offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28)
  const end = at + record.packedBytes
  while (at < end) {
    const piece = await file.readAt(at, Math.min(PIECE, end - at))
    if (piece.length === 0) throw new Error('the file ends early')
    at += piece.length
    yield piece
  }
}

async function hashOf(file: ZipBytes, record: ZipRecord): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of piecesOf(file, record)) hash.update(piece)
    return hash.digest('hex')
  } catch {
    return null
  }
}

async function contentOf(file: ZipBytes, record: ZipRecord): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of piecesOf(file, record)) pieces.push(piece)
    return Buffer.concat(pieces)
  } catch {
    return undefined
  }
}

function decode(name: Uint8Array, flags: number): string {
  return new TextDecoder((flags & UTF8) === 0 ? 'latin1' : 'utf-8').decode(name)
}

function damaged(source: string, found: string) {
  return badFile({ source, found, expected: 'a whole zip of up to 4 GiB' })
}

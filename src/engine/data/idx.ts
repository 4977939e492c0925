import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { HeatproofError } from '../../shared/errors.ts'
import { sha256 } from '../exchange/sha256.ts'

/** An array of bytes as an IDX file holds it, row-major; `data` is a view of the file's bytes. */
export interface IdxArray {
  shape: number[]
  data: Uint8Array
}

/** Which file data came from. */
export interface SourceFile {
  /** File name, e.g. `train-images-idx3-ubyte.gz`. */
  name: string
  /** SHA-256 of the file as it lies on the disk, in hexadecimal. */
  sha256: string
  /** SHA-256 of the unpacked content: the same for a plain and a gzipped copy. */
  contentSha256: string
}

const UNSIGNED_BYTE = 0x08
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0x08: 'unsigned byte',
  0x09: 'signed byte',
  0x0b: 'short',
  0x0c: 'int',
  0x0d: 'float',
  0x0e: 'double',
}
const LARGEST_CONTENT = 2 ** 30
const FORMAT = 'an IDX file: 0, 0, type, number of dimensions, big-endian sizes, the data'

/**
 * Parses an IDX file of unsigned bytes (the format of MNIST's files).
 *
 * @param bytes the whole, unpacked file
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`
 */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  const [first, second, type = 0, dimensions = 0] = bytes
  if (bytes.length < 4 || first !== 0 || second !== 0 || TYPE_NAMES[type] === undefined || dimensions === 0) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw damaged(`${source} beginning with '${start}'`, FORMAT)
  }
  if (type !== UNSIGNED_BYTE)
    throw damaged(`values of type ${TYPE_NAMES[type]} in ${source}`, 'unsigned bytes')
  const headerLength = 4 + 4 * dimensions
  if (bytes.length < headerLength) {
    throw damaged(`${bytes.length} bytes in ${source}`, `a header of ${headerLength} bytes`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: dimensions }, (_, dimension) => view.getUint32(4 + 4 * dimension))
  const expected = shape.reduce((product, size) => product * size, 1)
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + headerLength, bytes.length - headerLength)
  if (data.length !== expected) {
    throw damaged(
      `${data.length} bytes of data in ${source}`,
      `${expected} for its shape [${shape.join(', ')}]`,
    )
  }
  return { shape, data }
}

/**
 * Reads an IDX file, plain or gzipped (told by its content, not its name), with its hashes.
 *
 * @throws HeatproofError `bad_file`, `not_found`
 */
export async function readIdxFile(path: string): Promise<IdxArray & { file: SourceFile }> {
  const bytes = await readWhole(path)
  const content = isGzip(bytes) ? await unpack(bytes, path) : bytes
  const fileHash = sha256(bytes)
  const contentSha256 = content === bytes ? fileHash : sha256(content)
  return { ...parseIdx(content, path), file: { name: basename(path), sha256: fileHash, contentSha256 } }
}

/**
 * Unpacks gzipped bytes of up to 1 GiB of content.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file` where they are damaged or cut off
 */
export async function unpack(bytes: Uint8Array, source: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_CONTENT })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw damaged(`gzip data that cannot be unpacked (${reason}) in ${source}`, 'a whole .gz file', cause)
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HeatproofError('not_found', {
      found: `no readable file ${path}`,
      expected: 'an IDX file, plain or .gz',
      advice: 'Check the path and its permissions.',
      cause,
    })
  }
}

function damaged(found: string, expected: string, cause?: unknown): HeatproofError {
  const advice = 'The file is damaged, incomplete or of another kind: get a fresh copy.'
  return new HeatproofError('bad_file', { found, expected, advice, cause })
}

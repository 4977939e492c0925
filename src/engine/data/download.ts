import { mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'
import { writeFileAtomically } from '../exchange/atomic-file.ts'
import { sha256 } from '../exchange/sha256.ts'
import { readIdxFile, unpack } from './idx.ts'

/** A gzipped IDX file to be had as `NAME.gz`. */
export interface IdxDownload {
  name: string
  /** SHA-256 of its unpacked content. */
  contentSha256: string
}

export interface DownloadProgress {
  file: string
  receivedBytes: number
  /** Null when the server does not say. */
  totalBytes: number | null
}

export interface DownloadOptions {
  baseUrl: string
  folder: string
  files: readonly IdxDownload[]
  onProgress?: (progress: DownloadProgress) => void
  signal?: AbortSignal
}

const LARGEST_DOWNLOAD = 200_000_000

/**
 * Downloads gzipped IDX files one after the other and checks each before it appears in the folder: no damaged or
 * partial file is ever there, and a second call goes on with the files that are missing.
 *
 * @throws HeatproofError `download_failed` (no connection, connection cut, HTTP status, wrong checksum), `cancelled`,
 *   `cannot_write`, `bad_argument` (no http(s) address)
 */
export async function downloadIdxFiles(options: DownloadOptions): Promise<void> {
  const { folder, files } = options
  const addresses = files.map(({ name }) => addressOf(name, options.baseUrl))
  await createFolder(folder)
  for (const [index, file] of files.entries()) {
    const path = join(folder, `${file.name}.gz`)
    if (await isPresent(path, file)) continue
    const address = addresses[index]?.href ?? ''
    const bytes = await fetchBytes(address, file.name, options)
    await requireContent(bytes, file, address)
    await writeFileAtomically(path, bytes)
  }
}

function addressOf(name: string, baseUrl: string): URL {
  const base = URL.parse(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  if (base !== null && ['http:', 'https:'].includes(base.protocol)) return new URL(`${name}.gz`, base)
  throw new HeatproofError('bad_argument', {
    found: `the address '${baseUrl}'`,
    expected: 'an http or https address of a folder',
    advice: 'Leave it out to download from the official place.',
  })
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new HeatproofError('cannot_write', {
      found: `that the folder ${folder} cannot be made`,
      expected: 'a writable place',
      advice: 'Choose another data folder.',
      cause,
    })
  }
}

async function isPresent(path: string, { contentSha256 }: IdxDownload): Promise<boolean> {
  if (!existsSync(path)) return false
  try {
    return (await readIdxFile(path)).file.contentSha256 === contentSha256
  } catch {
    return false
  }
}

async function fetchBytes(address: string, file: string, options: DownloadOptions): Promise<Uint8Array> {
  const { onProgress, signal } = options
  try {
    const response = await fetch(address, {
      headers: { 'accept-encoding': 'identity' },
      signal: signal ?? null,
    })
    if (!response.ok || response.body === null) throw failed(address, `HTTP status ${response.status}`)
    const length = response.headers.get('content-length')
    const totalBytes = length === null ? null : Number(length)
    const pieces: Uint8Array[] = []
    let receivedBytes = 0
    const body: AsyncIterable<Uint8Array> = response.body
    for await (const piece of body) {
      pieces.push(piece)
      receivedBytes += piece.length
      if (receivedBytes > LARGEST_DOWNLOAD) throw failed(address, `more than ${LARGEST_DOWNLOAD} bytes`)
      onProgress?.({ file, receivedBytes, totalBytes })
    }
    return Buffer.concat(pieces)
  } catch (error) {
    if (error instanceof HeatproofError) throw error
    if (signal?.aborted) throw cancelled(address, error)
    throw failed(address, `no whole answer (${reasonOf(error)})`, error)
  }
}

async function requireContent(bytes: Uint8Array, file: IdxDownload, address: string): Promise<void> {
  const content = await unpack(bytes, address).catch((cause: unknown) => {
    throw failed(address, 'data that is no whole .gz file', cause)
  })
  const found = sha256(content)
  if (found !== file.contentSha256) {
    throw failed(address, `content of SHA-256 ${found} instead of ${file.contentSha256}`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

function failed(address: string, found: string, cause?: unknown): HeatproofError {
  return new HeatproofError('download_failed', {
    found: `${found} from ${address}`,
    expected: 'the official file',
    advice: 'Check the connection and the address and try again; files that were complete are kept.',
    cause,
  })
}

function cancelled(address: string, cause: unknown): HeatproofError {
  return new HeatproofError('cancelled', {
    found: `that the download of ${address} was cancelled`,
    expected: 'the whole file',
    advice: 'Start it again; files that were complete are kept.',
    cause,
  })
}

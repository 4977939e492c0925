import type { Database } from 'better-sqlite3'
import { rm } from 'node:fs/promises'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { MapTable } from '../review/map-table.ts'
import { cannotWrite, coerceStorageError } from '../workspace/storage-errors.ts'
import type { Receipt, WrittenSet } from './audited-set-context.ts'
import { makeSet, setSource } from './audited-set-make.ts'
import {
  exportTarget,
  makeStagingFolder,
  putInPlace,
  requireFree,
  stagingFolder,
} from './audited-set-target.ts'
import { readManifestHash } from './audited-set-verify.ts'

export interface AuditedSetOptions {
  database: Database
  table: MapTable
  request: ExportRequest
  /** Folders that may be written to. */
  folders: readonly string[]
  /** Names this job among all that may write to the folder; a later attempt of the job has the same. */
  attempt: string
  /** What an earlier attempt of the job was about to put in its place, null when it did not come so far. */
  earlier: Receipt | null
  /** Keeps what is about to be put in its place, so that the job knows its work should it be interrupted right after that. */
  keep: (receipt: Receipt) => void
  signal: AbortSignal
  /** @param done maps that are written, of `total` */
  report: (progress: { done: number; total: number; detail: string }) => void
}

/**
 * Writes an audited set: a new folder or zip with the maps that the request asks for and everything that an audit of them
 * needs. It is made beside its place under a hidden name and appears in one step; when anything fails, nothing is left.
 * Verdicts and calibration are those of the moment when the export begins. A hundred maps at a time are in memory.
 *
 * @throws HeatproofError `forbidden`, `bad_argument`, `conflict`, `cancelled`, `cannot_write`
 */
export async function writeAuditedSet(options: AuditedSetOptions): Promise<WrittenSet> {
  const { request, folders, attempt, earlier, signal } = options
  const target = exportTarget(request, folders)
  const source = setSource(options)
  const staging = stagingFolder(target, attempt)
  try {
    if (earlier !== null && (await isInPlace(target, earlier))) return { ...earlier, path: target }
    requireFree(target)
    await makeStagingFolder(staging)
    const { made, record } = await makeSet(source, staging, {
      report: options.report,
      checkCancelled() {
        if (signal.aborted) throw cancelled()
      },
    })
    options.keep(record)
    await putInPlace(made, target)
    return { ...record, path: target }
  } catch (error) {
    throw coerceWriteError(error, target)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Whether the set that is there is the one that an earlier attempt has made. */
async function isInPlace(target: string, { manifestSha256 }: Receipt): Promise<boolean> {
  const found = await readManifestHash(target).catch(() => null)
  return found === manifestSha256
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'the whole set to be written',
    advice: 'Nothing was left behind. Start the export again.',
  })
}

/** What the file system says, as the error that users see. */
function coerceWriteError(error: unknown, target: string): unknown {
  if (error instanceof HeatproofError || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const known = coerceStorageError(error, target)
  return known === error && code.startsWith('E') ? cannotWrite(target, `the error ${code}`, error) : known
}

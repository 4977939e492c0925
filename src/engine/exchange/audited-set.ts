import type { Database } from 'better-sqlite3'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportRecord, ExportRequest } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { MapTable } from '../review/map-table.ts'
import { computeVersions } from '../versions.ts'
import { activeCalibration, getCalibration } from '../workspace/calibrations.ts'
import { sampleSizes } from '../workspace/export-scans.ts'
import { listModels } from '../workspace/models.ts'
import { now } from '../workspace/statements.ts'
import { cannotWrite } from '../workspace/storage-errors.ts'
import type { SetContext } from './audited-set-context.ts'
import { SetFolder } from './audited-set-folder.ts'
import { FORMAT, FORMAT_VERSION, MANIFEST, type SetManifest } from './audited-set-manifest.ts'
import { writeMaps } from './audited-set-maps.ts'
import { runsOfSet, writeModels } from './audited-set-models.ts'
import { readmeText } from './audited-set-readme.ts'
import { writeSamples } from './audited-set-samples.ts'
import { requireSelection, selectMaps, type Selection } from './audited-set-selection.ts'
import { exportTarget, makeStagingFolder, putInPlace, stagingFolder } from './audited-set-target.ts'
import { writeVerdicts } from './audited-set-verdicts.ts'
import { listFolder } from './manifest.ts'
import { sha256 } from './sha256.ts'
import { writeZip } from './zip.ts'

export interface AuditedSetOptions {
  database: Database
  table: MapTable
  request: ExportRequest
  /** Folders that may be written to. */
  folders: readonly string[]
  /** Names this job among all that may write to the folder; a later attempt of the job has the same. */
  attempt: string
  signal: AbortSignal
  /** @param done maps that are written, of `total` */
  report: (progress: { done: number; total: number; detail: string }) => void
}

/** What was written, as the workspace records it. */
export type WrittenSet = Omit<ExportRecord, 'id' | 'createdAt'>

/**
 * Writes an audited set: a new folder or zip with the maps that the request asks for and everything that an audit of them
 * needs. It is made beside its place under a hidden name and appears in one step; when anything fails, nothing is left.
 * Verdicts and calibration are those of the moment when the export begins. A hundred maps at a time are in memory.
 *
 * @throws HeatproofError `forbidden`, `bad_argument`, `conflict`, `cancelled`, `cannot_write`
 */
export async function writeAuditedSet(options: AuditedSetOptions): Promise<WrittenSet> {
  const { database, table, request, folders, attempt } = options
  const target = exportTarget(request, folders)
  const selection = selectMaps(database, table, request)
  requireSelection(selection, request)
  const staging = stagingFolder(target, attempt)
  try {
    await makeStagingFolder(staging)
    const made = await makeSet(options, selection, staging)
    await putInPlace(made.path, target)
    return { ...made.record, path: target }
  } catch (error) {
    throw coerceWriteError(error, target)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

interface MadeSet {
  /** In the staging folder. */
  path: string
  record: Omit<WrittenSet, 'path'>
}

async function makeSet(options: AuditedSetOptions, selection: Selection, staging: string): Promise<MadeSet> {
  const { request } = options
  const folder = new SetFolder(join(staging, 'set'))
  const context = contextOf(options, selection, folder)
  try {
    const manifest = await writeContent(context, options.attempt)
    context.report(selection.maps.length, 'hashing')
    const text = await writeManifest(folder, manifest)
    context.checkCancelled()
    const { path, bytes } = await pack(folder, request.format, staging)
    context.checkCancelled()
    const { maps, verdicts } = manifest.counts
    const { format, createdBy } = request
    return { path, record: { format, maps, verdicts, bytes, manifestSha256: sha256(text), createdBy } }
  } finally {
    await folder.close()
  }
}

function contextOf(options: AuditedSetOptions, selection: Selection, folder: SetFolder): SetContext {
  const { database, request, signal } = options
  const total = selection.maps.length
  return {
    database,
    folder,
    request,
    selection,
    calibration: activeCalibration(database),
    models: new Map(listModels(database).map((model) => [model.id, model])),
    sizes: sampleSizes(
      database,
      selection.maps.map(({ sampleId }) => sampleId),
    ),
    report: (done, detail) => options.report({ done, total, detail }),
    checkCancelled() {
      if (signal.aborted) throw cancelled()
    },
  }
}

async function writeContent(context: SetContext, attempt: string): Promise<Omit<SetManifest, 'files'>> {
  const { database, folder, request, selection, calibration } = context
  const createdAt = now()
  const version = calibration.id === null ? null : (getCalibration(database, calibration.id) ?? null)
  await folder.write('calibration.json', `${JSON.stringify({ active: calibration, version }, null, 2)}\n`)
  const models = await writeModels(context)
  const samples = await writeSamples(context)
  const verdicts = await writeVerdicts(context)
  const consensus = await writeMaps(context)
  const manifest = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    name: request.name,
    createdBy: request.createdBy,
    createdAt,
    attempt,
    versions: computeVersions(),
    selection: {
      filter: request.filter,
      include: request.include,
      images: request.images,
      matching: selection.matching,
    },
    counts: {
      maps: selection.maps.length,
      samples: samples.count,
      models: models.length,
      verdicts: verdicts.rows,
      latestVerdicts: verdicts.latest,
      consensus,
    },
    calibration,
    models,
    runs: runsOfSet(context),
    sampleSets: samples.sets,
  } satisfies Omit<SetManifest, 'files'>
  await folder.write('README.txt', readmeText(manifest))
  await folder.close()
  return manifest
}

/** Lists every file with its hash, for Heatproof and for `sha256sum -c`. Gives the manifest's text. */
async function writeManifest(folder: SetFolder, manifest: Omit<SetManifest, 'files'>): Promise<string> {
  const content = await listFolder(folder.root)
  await folder.write('SHA256SUMS', content.map(({ path, sha256: hash }) => `${hash}  ${path}\n`).join(''))
  const files = await listFolder(folder.root)
  const text = `${JSON.stringify({ ...manifest, files } satisfies SetManifest, null, 2)}\n`
  await folder.write(MANIFEST, text)
  return text
}

async function pack(
  folder: SetFolder,
  format: ExportRequest['format'],
  staging: string,
): Promise<{ path: string; bytes: number }> {
  const files = await listFolder(folder.root)
  if (format === 'folder') {
    return { path: folder.root, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  }
  const path = join(staging, 'set.zip')
  await writeZip(
    path,
    files.map((file) => ({ path: file.path, file: join(folder.root, file.path) })),
  )
  return { path, bytes: (await stat(path)).size }
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
  return String(error.code).startsWith('E')
    ? cannotWrite(target, `the error ${String(error.code)}`, error)
    : error
}

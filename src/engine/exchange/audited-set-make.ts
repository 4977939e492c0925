import type { Database } from 'better-sqlite3'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import type { MapTable } from '../review/map-table.ts'
import { PROGRAM_VERSION } from '../program-version.ts'
import { calibrationFor, getCalibration } from '../workspace/calibrations.ts'
import { contentUntil, sampleSizes } from '../workspace/export-scans.ts'
import { listModels } from '../workspace/models.ts'
import type { Receipt, SetContext, SetSource, WrittenParts } from './audited-set-context.ts'
import { SetFolder } from './audited-set-folder.ts'
import {
  FORMAT,
  FORMAT_VERSION,
  MANIFEST,
  type ListedFile,
  type SetManifest,
} from './audited-set-manifest.ts'
import { writeMaps } from './audited-set-maps.ts'
import { runsOfSet, writeModels } from './audited-set-models.ts'
import { readmeText, setFiles } from './audited-set-readme.ts'
import { writeSamples } from './audited-set-samples.ts'
import { requireSelection, selectMaps } from './audited-set-selection.ts'
import { writeVerdicts } from './audited-set-verdicts.ts'
import { writeForm } from './formats/write-form.ts'
import { datasheetFacts } from './datasheet-facts.ts'
import { datasheetText } from './datasheet.ts'
import { listFolder } from './manifest.ts'
import { momentRecords, writeRecords } from './records/write-records.ts'
import { sha256 } from './sha256.ts'
import { writeZip } from './zip.ts'

/** Fixes what the set consists of, at this moment. @throws HeatproofError `bad_argument` when nothing matches, `not_found` (a calibration) */
export function setSource(options: {
  database: Database
  table: MapTable
  request: ExportRequest
}): SetSource {
  const { database, table, request } = options
  const selection = selectMaps(database, table, request)
  requireSelection(selection, request)
  const calibration = calibrationFor(database, request.calibration)
  return {
    database,
    request,
    selection,
    calibration,
    models: new Map(listModels(database).map((model) => [model.id, model])),
    moment: momentRecords(database, selection, calibration.id),
    sizes: sampleSizes(database, new Set(selection.maps.map(({ sampleId }) => sampleId))),
  }
}

export interface MakeOptions {
  report: (progress: { done: number; total: number; detail: string }) => void
  /** @throws HeatproofError `cancelled` */
  checkCancelled: () => void
}

/** Makes the set, a folder or a file, somewhere in the staging folder. */
export async function makeSet(
  source: SetSource,
  staging: string,
  { report, checkCancelled }: MakeOptions,
): Promise<{ made: string; record: Receipt }> {
  const { request, selection } = source
  const folder = new SetFolder(join(staging, 'set'))
  const total = selection.maps.length
  const context: SetContext = {
    ...source,
    folder,
    report: (done, detail) => report({ done, total, detail }),
    checkCancelled,
  }
  try {
    const manifest = await writeContent(context)
    context.report(total, 'hashing')
    const sealed = await writeManifest(context, manifest)
    const { made, bytes } = await pack(context, sealed, staging)
    checkCancelled()
    const { maps, verdicts } = manifest.counts
    const { format, createdBy } = request
    const { manifestSha256 } = sealed
    return { made, record: { format, maps, verdicts, bytes, manifestSha256, createdBy } }
  } finally {
    await folder.close()
  }
}

async function writeContent(context: SetContext): Promise<Omit<SetManifest, 'files'>> {
  const { database, folder, request, selection, calibration } = context
  const { models, samples, verdicts, consensus, readme } =
    request.form === 'set' ? await writeSetParts(context) : await writeForm(context, request.form)
  const manifest = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    form: request.form,
    name: request.name,
    createdBy: request.createdBy,
    contentUntil: contentUntil(
      database,
      selection.maps.map(({ mapId }) => mapId),
      selection,
    ),
    versions: { heatproof: PROGRAM_VERSION },
    selection: {
      filter: request.filter,
      include: request.include,
      rule: selection.rule,
      reviewers: selection.reviewers === null ? null : [...selection.reviewers],
      calibration: request.calibration,
      images: request.images,
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
  await folder.write('datasheet.md', datasheetText(manifest, datasheetFacts(context), selection.maps))
  await folder.write('README.txt', readmeText(manifest, readme))
  await folder.close()
  return manifest
}

async function writeSetParts(context: SetContext): Promise<WrittenParts> {
  const { database, folder, request, calibration } = context
  await folder.write('calibration.json', calibrationText(database, calibration))
  const written = {
    models: await writeModels(context),
    samples: await writeSamples(context),
    verdicts: await writeVerdicts(context),
    consensus: await writeMaps(context),
    readme: setFiles(request.images),
  }
  await writeRecords(context)
  return written
}

/** The parameters that scores follow, and the version that they are from; how many verdicts are newer is not the set's to say. */
function calibrationText(database: Database, used: ActiveCalibration): string {
  const found = used.id === null ? undefined : getCalibration(database, used.id)
  const version = found && {
    id: found.id,
    version: found.version,
    fit: found.fit,
    createdBy: found.createdBy,
    createdAt: found.createdAt,
  }
  return `${JSON.stringify({ used, version: version ?? null }, null, 2)}\n`
}

/** What a finished set consists of. */
interface SealedSet {
  paths: string[]
  bytes: number
  manifestSha256: string
}

/** Lists every file with its hash, for Heatproof and for `sha256sum -c`. */
async function writeManifest(
  { folder, checkCancelled }: SetContext,
  manifest: Omit<SetManifest, 'files'>,
): Promise<SealedSet> {
  const content = await listFolder(folder.root)
  checkCancelled()
  const sums = content.map(({ path, sha256: hash }) => `${hash}  ${path}\n`).join('')
  await folder.write('SHA256SUMS', sums)
  const listed: ListedFile = {
    path: 'SHA256SUMS',
    bytes: Buffer.byteLength(sums),
    sha256: sha256(sums),
  }
  const files = [...content, listed].sort((a, b) => (a.path < b.path ? -1 : 1))
  const text = `${JSON.stringify({ ...manifest, files } satisfies SetManifest, null, 2)}\n`
  await folder.write(MANIFEST, text)
  return {
    paths: [MANIFEST, ...files.map(({ path }) => path)],
    bytes: files.reduce((sum, { bytes }) => sum + bytes, Buffer.byteLength(text)),
    manifestSha256: sha256(text),
  }
}

async function pack(
  { folder, request }: SetContext,
  { paths, bytes }: SealedSet,
  staging: string,
): Promise<{ made: string; bytes: number }> {
  if (request.format === 'folder') return { made: folder.root, bytes }
  const made = join(staging, 'set.zip')
  await writeZip(
    made,
    paths.map((path) => ({ path, file: join(folder.root, path) })),
  )
  return { made, bytes: (await stat(made)).size }
}

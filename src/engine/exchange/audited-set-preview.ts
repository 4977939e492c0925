import type { Database } from 'better-sqlite3'
import type { Output } from '../../shared/contract/contract.ts'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import { FORM_TITLES } from '../../shared/export-forms.ts'
import { sampleSizes, weightBytes } from '../workspace/export-scans.ts'
import { getMapBytes } from '../workspace/maps.ts'
import { float32FromBlob } from '../workspace/blobs.ts'
import { drawMap } from './audited-set-maps.ts'
import type { Selection, SelectedMap } from './audited-set-selection.ts'

/** Text about one map, in all tables together, roughly. */
const TEXT_BYTES = 900
/** Pictures that are drawn to estimate the size of all. */
const TRIALS = 4

/** Counts of a set that would be written, and its bytes as a folder: exact for arrays and models, estimated for the rest. */
export function previewAuditedSet(
  database: Database,
  { matching, maps }: Selection,
  { form, images }: Pick<ExportRequest, 'form' | 'images'>,
): Output<'exports.preview'> {
  const samples = new Set(maps.map(({ sampleId }) => sampleId))
  const models = new Set(maps.map(({ modelId }) => modelId))
  const sizes = sampleSizes(database, samples)
  const arrayBytes = (sampleId: number) => {
    const { rows, columns } = sizes.get(sampleId) ?? { rows: 0, columns: 0 }
    return 4 * rows * columns
  }
  const { pictures } = FORM_TITLES[form]
  const hasPictures = pictures === 'optional' ? images : pictures === 'always'
  const inputBytes = (sampleId: number) => arrayBytes(sampleId) * (sizes.get(sampleId)?.channels ?? 1)
  const sum = (ids: Iterable<number>, bytesOf: (sampleId: number) => number) =>
    [...ids].reduce((bytes, id) => bytes + bytesOf(id), 0)
  const bytes =
    sum(samples, inputBytes) +
    sum(
      maps.map(({ sampleId }) => sampleId),
      arrayBytes,
    ) +
    (form === 'set' ? weightBytes(database, models) : 0) +
    maps.length * (TEXT_BYTES + (hasPictures ? imageBytes(database, maps, sizes) : 0))
  return { maps: maps.length, matching, samples: samples.size, models: models.size, bytes: Math.round(bytes) }
}

/** Mean bytes of a picture, from a few that are spread over the set. */
function imageBytes(
  database: Database,
  maps: readonly SelectedMap[],
  sizes: ReturnType<typeof sampleSizes>,
): number {
  const step = Math.max(1, Math.floor(maps.length / TRIALS))
  const trials = maps.filter((_, index) => index % step === 0).slice(0, TRIALS)
  const bytes = trials.map(({ mapId, sampleId, method }) => {
    const size = sizes.get(sampleId)
    const values = getMapBytes(database, mapId)
    return size && values ? drawMap(float32FromBlob(values), size, method).length : 0
  })
  return trials.length === 0 ? 0 : bytes.reduce((total, size) => total + size, 0) / trials.length
}

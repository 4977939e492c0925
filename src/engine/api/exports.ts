import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { ExportRecord } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { previewAuditedSet } from '../exchange/audited-set-preview.ts'
import { requireSelection, selectMaps } from '../exchange/audited-set-selection.ts'
import { exportTarget, requireFree } from '../exchange/audited-set-target.ts'
import { verifyRecordedSet } from '../exchange/audited-set-verify.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { MapTable } from '../review/map-table.ts'
import { calibrationFor } from '../workspace/calibrations.ts'
import { getExport, listExports } from '../workspace/exports.ts'

export interface ExportHandlerDependencies {
  database: Database
  queue: JobQueue
  maps: MapTable
  /** Folders that exports may be written to. */
  folders: () => readonly string[]
}

type ExportNames = 'exports.preview' | 'exports.start' | 'exports.list' | 'exports.verify'

export function exportHandlers({
  database,
  queue,
  maps,
  folders,
}: ExportHandlerDependencies): Handlers<ExportNames> {
  return {
    'exports.preview': (request) => previewAuditedSet(database, selectMaps(database, maps, request), request),
    'exports.start': (request) => {
      requireFree(exportTarget(request, folders()))
      requireSelection(selectMaps(database, maps, request), request)
      calibrationFor(database, request.calibration)
      return { jobId: queue.add('export', `Export ${request.name}`, request).id }
    },
    'exports.list': () => listExports(database),
    'exports.verify': ({ id }) => verifyRecordedSet(requireExport(database, id)),
  }
}

function requireExport(database: Database, id: number): ExportRecord {
  const record = getExport(database, id)
  if (record !== undefined) return record
  throw new HeatproofError('not_found', {
    found: `no export ${id}`,
    expected: 'the id of an export of this workspace',
    advice: 'See the list of exports.',
  })
}

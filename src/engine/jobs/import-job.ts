import { basename } from 'node:path'
import type { Database } from 'better-sqlite3'
import { ImportRequest } from '../../shared/contract/imports.ts'
import { importedCounts } from '../../shared/imports.ts'
import { formatOf } from '../exchange/import/import-formats.ts'
import { importSource } from '../exchange/import/import-source.ts'
import type { MapTable } from '../review/map-table.ts'
import type { MapsInUse } from '../workspace/imported-maps.ts'
import { insertImport } from '../workspace/imports.ts'
import { hasResult } from '../workspace/jobs.ts'
import { transact } from '../workspace/statements.ts'
import type { Progress } from './progress.ts'
import type { JobDefinition } from './queue.ts'
import { leaveOut } from './remove-maps.ts'

export interface ImportDependencies {
  database: Database
  maps: MapTable
  /** Folders that files may be read from. */
  folders: () => readonly string[]
  /** Called when something was imported, and when an import is taken back. */
  onImport: () => void
}

/** Brings a file or folder into the workspace, all or nothing. */
export function importJob({ database, maps, folders, onImport }: ImportDependencies): JobDefinition {
  return {
    unit: 'maps',
    lane: 'all maps',
    async run({ jobId, request: stored, signal, isClosing, report, setResult }) {
      if (hasResult(database, jobId)) return
      const request = ImportRequest.parse(stored)
      const path = importSource(request.path, folders())
      const format = await formatOf(path, request.format)
      const opened = await format.open(path, request.options)
      const mapsInUse: MapsInUse = {
        async leaveOut(mapIds) {
          await leaveOut(database, maps, mapIds)
          onImport()
        },
        reread: () => maps.reread(),
      }
      let progress: Progress = { done: 0, total: 0, detail: '' }
      const follow = (next: Progress) => report((progress = next))
      try {
        const result = await opened.store({
          ...{ database, request, jobId, signal, isClosing, mapsInUse, report: follow },
        })
        report({ ...progress, done: progress.total, detail: importedCounts(result.counts) })
        transact(database, () => {
          const { createdBy } = request
          setResult(
            insertImport(database, { ...result, format: format.name, source: basename(path), createdBy }),
          )
        })
      } finally {
        await opened.close()
        onImport()
      }
    },
  }
}

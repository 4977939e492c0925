import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeAuditedSet } from '../../engine/exchange/audited-set.ts'
import { MapTable } from '../../engine/review/map-table.ts'
import { openWorkspace } from '../../engine/workspace/open.ts'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { EXPORT_FORMS, type ExportForm } from '../../shared/export-forms.ts'
import { fillWorkspace } from './generated-workspace.ts'

export interface ExportRow {
  form: ExportForm
  maps: number
  bytes: number
  /** From the request to the finished folder, hashes included. */
  seconds: number
  /** Bound on `seconds`. */
  goal: number
}

/** Maps of a sample in the generated workspace. */
const MAPS_A_SAMPLE = 8
/** Seconds for 10,000 maps with their pictures. */
const GOAL = 60
const GOAL_MAPS = 10_000

/** Writes maps of 28 x 84 pixels in every form, with pictures where it has any. */
export async function benchExports(maps = GOAL_MAPS): Promise<ExportRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-exports-'))
  const workspace = openWorkspace(join(folder, 'exports.heatproof'), { create: true })
  try {
    fillWorkspace(workspace, { samples: Math.ceil(maps / MAPS_A_SAMPLE), pixelScores: false })
    const rows: ExportRow[] = []
    for (const form of EXPORT_FORMS) {
      const start = performance.now()
      const written = await writeAuditedSet({
        database: workspace.database,
        table: new MapTable(workspace.database),
        request: ExportRequest.parse({
          ...{ filter: {}, include: 'any', form, folder, name: form, createdBy: 'bench' },
        }),
        folders: [folder],
        attempt: form,
        signal: new AbortController().signal,
        report: () => undefined,
        earlier: null,
        keep: () => undefined,
      })
      const seconds = (performance.now() - start) / 1000
      rows.push({ form, maps: written.maps, bytes: written.bytes, seconds, goal: (GOAL * maps) / GOAL_MAPS })
      rmSync(written.path, { recursive: true })
    }
    return rows
  } finally {
    workspace.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

import type { Database } from 'better-sqlite3'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import type { SetFolder } from './audited-set-folder.ts'
import type { LayoutFacts } from './audited-set-layout.ts'
import type { Selection } from './audited-set-selection.ts'

/** What every part of a set is written from. */
export interface SetContext extends LayoutFacts {
  database: Database
  folder: SetFolder
  request: ExportRequest
  selection: Selection
  /** Active when the export began. */
  calibration: ActiveCalibration
  /** @param maps how many are written */
  report: (maps: number, detail: string) => void
  /** @throws HeatproofError `cancelled` */
  checkCancelled: () => void
}

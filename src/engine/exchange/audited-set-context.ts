import type { Database } from 'better-sqlite3'
import type { ExportRecord, ExportRequest } from '../../shared/contract/exports.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import type { SetFolder } from './audited-set-folder.ts'
import type { LayoutFacts } from './audited-set-layout.ts'
import type { Selection } from './audited-set-selection.ts'

/** What a set is made from, all of the same moment. */
export interface SetSource extends LayoutFacts {
  database: Database
  request: ExportRequest
  selection: Selection
  calibration: ActiveCalibration
}

/** What every part of a set is written from, and where to. */
export interface SetContext extends SetSource {
  folder: SetFolder
  /** @param maps how many are written */
  report: (maps: number, detail: string) => void
  /** @throws HeatproofError `cancelled` */
  checkCancelled: () => void
}

/** What was written, as the workspace records it. */
export type WrittenSet = Omit<ExportRecord, 'id' | 'createdAt'>

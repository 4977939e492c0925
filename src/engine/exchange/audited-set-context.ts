import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import { ExportRecord, type ExportRequest } from '../../shared/contract/exports.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import type { SetFolder } from './audited-set-folder.ts'
import type { LayoutFacts } from './audited-set-layout.ts'
import type { SetManifest } from './audited-set-manifest.ts'
import type { MomentRecords } from './records/write-records.ts'
import type { Selection } from './audited-set-selection.ts'

/** What a set is made from, all of the same moment. */
export interface SetSource extends LayoutFacts {
  database: Database
  request: ExportRequest
  selection: Selection
  calibration: ActiveCalibration
  moment: MomentRecords
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
export const WrittenSet = ExportRecord.omit({ id: true, form: true, createdAt: true })
export type WrittenSet = z.infer<typeof WrittenSet>

/** The same, apart from where it is: what a job keeps of the set that it is about to put in its place. */
export const Receipt = WrittenSet.omit({ path: true })
export type Receipt = z.infer<typeof Receipt>

/** What the parts of an export say of it once they are written. */
export interface WrittenParts {
  models: SetManifest['models']
  samples: { count: number; sets: SetManifest['sampleSets'] }
  verdicts: { rows: number; latest: number }
  consensus: SetManifest['counts']['consensus']
  /** What stands where, for the README. */
  readme: string
}

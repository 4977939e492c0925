import type { Database } from 'better-sqlite3'
import type {
  ImportFindings,
  ImportOptions,
  ImportRecord,
  ImportRequest,
} from '../../../shared/contract/imports.ts'
import type { ImportFormatName } from '../../../shared/imports.ts'
import type { MapsInUse } from '../../workspace/imported-maps.ts'

/** One kind of file or folder that can be brought into a workspace: one module a format. */
export interface ImportFormat {
  name: ImportFormatName
  /** Whether the path holds it, by names and first bytes; nothing is checked. */
  detect: (path: string) => Promise<boolean>
  /**
   * Reads what the path holds, as far as that is quick. Call `close` at the end.
   *
   * @throws HeatproofError what is wrong with the files: `bad_file`, `bad_values`, `not_found`
   */
  open: (path: string, options: ImportOptions) => Promise<OpenedImport>
}

export interface OpenedImport {
  /**
   * What is there, and what of it stands against the workspace. Stores nothing.
   *
   * @param by who would import it
   */
  inspect: (database: Database, by?: string) => Promise<Omit<ImportFindings, 'format'>>
  /**
   * Checks everything, then stores it, all or nothing. Called again after an engine that stopped in between, it goes on.
   *
   * @throws HeatproofError what is wrong, with the row of the file; `conflict`; `cancelled`
   */
  store: (context: ImportContext) => Promise<StoredImport>
  close: () => Promise<void>
}

export interface ImportContext {
  database: Database
  request: ImportRequest
  jobId: number
  /** Aborted when the job is cancelled or the engine stops. */
  signal: AbortSignal
  /** Whether the engine stops, after which the job goes on from what is stored. */
  isClosing: () => boolean
  report: (progress: { done: number; total: number; unit?: string; detail: string }) => void
  mapsInUse: MapsInUse
}

/** What came in. */
export type StoredImport = Pick<ImportRecord, 'sha256' | 'tool' | 'counts' | 'warnings' | 'runId'>

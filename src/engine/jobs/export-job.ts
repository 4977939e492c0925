import type { Database } from 'better-sqlite3'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { writeAuditedSet } from '../exchange/audited-set.ts'
import { Receipt } from '../exchange/audited-set-context.ts'
import { sha256 } from '../exchange/sha256.ts'
import type { MapTable } from '../review/map-table.ts'
import { insertExport } from '../workspace/exports.ts'
import { deleteCheckpoint, getJob, hasResult, loadCheckpoint, saveCheckpoint } from '../workspace/jobs.ts'
import { transact } from '../workspace/statements.ts'
import type { JobDefinition } from './queue.ts'

export interface ExportDependencies {
  database: Database
  maps: MapTable
  /** Folders that exports may be written to. */
  folders: () => readonly string[]
  /** Called when a set was written. */
  onExport: () => void
}

/** Writes an audited set. A resumed job starts anew; what an interrupted attempt has left is removed. */
export function exportJob({ database, maps, folders, onExport }: ExportDependencies): JobDefinition {
  return {
    unit: 'maps',
    lane: 'all maps',
    async run({ jobId, request: stored, signal, report, setResult }) {
      if (hasResult(database, jobId)) return
      const request = ExportRequest.parse(stored)
      const written = await writeAuditedSet({
        database,
        table: maps,
        request,
        folders: folders(),
        attempt: attemptOf(database, jobId),
        earlier: receiptOf(database, jobId),
        keep: (receipt) => keepReceipt(database, jobId, receipt),
        signal,
        report,
      })
      transact(database, () => {
        setResult(insertExport(database, { ...written, request }))
        deleteCheckpoint(database, jobId)
      })
      onExport()
    },
  }
}

/** A job's checkpoint is the receipt of its set, as JSON. */
function keepReceipt(database: Database, jobId: number, receipt: Receipt): void {
  saveCheckpoint(database, jobId, { epoch: 0, step: 0, state: Buffer.from(JSON.stringify(receipt)) })
}

function receiptOf(database: Database, jobId: number): Receipt | null {
  const state = loadCheckpoint(database, jobId)?.state
  return state === undefined ? null : Receipt.parse(JSON.parse(Buffer.from(state).toString('utf8')))
}

/** Differs between jobs, also between those of two workspaces that write to one folder. */
function attemptOf(database: Database, jobId: number): string {
  const createdAt = getJob(database, jobId)?.createdAt ?? ''
  return sha256(`${database.name} ${jobId} ${createdAt}`).slice(0, 16)
}

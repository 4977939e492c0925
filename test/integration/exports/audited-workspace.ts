import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { exportHandlers } from '../../../src/engine/api/exports.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { exportJob } from '../../../src/engine/jobs/export-job.ts'
import { JobQueue, type JobDefinition } from '../../../src/engine/jobs/queue.ts'
import { decide } from '../../../src/engine/review/decisions.ts'
import { openWorkspace, type Workspace } from '../../../src/engine/workspace/open.ts'
import type { ExportRecord, ExportRequest } from '../../../src/shared/contract/exports.ts'
import type { Job } from '../../../src/shared/contract/jobs.ts'
import type { Verdict } from '../../../src/shared/names.ts'
import { fillWorkspace, type GeneratedShape } from '../../../src/hosts/bench/generated-workspace.ts'

/** A workspace with maps and the queue and handlers that export them; `folder` is the one that may be written to. */
export function auditedWorkspace(root: string, shape: GeneratedShape = { samples: 6 }) {
  const folder = join(root, 'exports')
  mkdirSync(folder, { recursive: true })
  const workspace = openWorkspace(join(root, 'set.heatproof'), { create: true })
  fillWorkspace(workspace, shape)
  return { ...exporterOf(workspace, [folder]), folder }
}

export function exporterOf(workspace: Workspace, folders: string[]) {
  const { database } = workspace
  const maps = new MapTable(database)
  const jobs: Job[] = []
  let exported = 0
  const other: JobDefinition = { unit: '', run: () => Promise.reject(new Error('another kind of job')) }
  const queue = new JobQueue(
    database,
    {
      train: other,
      explain: other,
      score: other,
      sanity: other,
      remove: other,
      'remove-set': other,
      import: other,
      export: exportJob({ database, maps, folders: () => folders, onExport: () => (exported += 1) }),
    },
    (job) => jobs.push(job),
  )
  const handlers = exportHandlers({ database, queue, maps, folders: () => folders })
  const start = async (request: ExportRequest) => {
    const { jobId } = await handlers['exports.start'](request)
    return queue.finished(jobId)
  }
  return {
    workspace,
    database,
    queue,
    handlers,
    jobs,
    exported: () => exported,
    start,
    /** Exports and gives the record; fails where the job did not end well. */
    async run(request: ExportRequest): Promise<ExportRecord> {
      const job = await start(request)
      const records = await handlers['exports.list']({})
      const record = records.find(({ id }) => id === job.resultId)
      if (record === undefined) throw new Error(`the export is ${job.status}: ${job.error ?? ''}`)
      return record
    },
    async close() {
      await queue.close()
      workspace.close()
    },
  }
}

export function requestFor(folder: string, request: Partial<ExportRequest> = {}): ExportRequest {
  return {
    filter: {},
    include: 'any',
    rule: 'majority',
    calibration: 'active',
    form: 'set',
    format: 'folder',
    folder,
    name: 'set',
    images: true,
    createdBy: 'Ada',
    ...request,
  }
}

export function verdict(
  { database }: Workspace,
  mapIds: number[],
  name: Verdict,
  { reviewer = 'Ada', note = '' }: { reviewer?: string; note?: string } = {},
): void {
  const modes = name === 'fail' ? (['single_item_dominance'] as const) : []
  decide(database, {
    ...{
      requestId: null,
      mapIds,
      reviewer,
      verdict: name,
      modes: [...modes],
      note,
      box: null,
      queueId: null,
      blind: false,
    },
  })
}

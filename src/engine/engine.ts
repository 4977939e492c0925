import { realpathSync } from 'node:fs'
import type { EngineEvent } from '../shared/contract/contract.ts'
import type { BackendName, DatasetName } from '../shared/names.ts'
import { userName } from './user-name.ts'
import { calibrationHandlers } from './api/calibration.ts'
import { bulkData } from './api/bulk.ts'
import { compareHandlers } from './api/compare.ts'
import type { Engine } from './api/engine.ts'
import { exportHandlers } from './api/exports.ts'
import { figureHandlers } from './api/figures.ts'
import { groupHandlers } from './api/groups.ts'
import { importHandlers } from './api/imports.ts'
import { jobHandlers } from './api/jobs.ts'
import { modelHandlers } from './api/models.ts'
import { reviewHandlers } from './api/review.ts'
import { reviewerHandlers, reviewerWith } from './api/reviewers.ts'
import { runRemovalHandlers } from './api/run-removal.ts'
import { runHandlers, startRun } from './api/runs.ts'
import { setRunHandlers } from './api/set-runs.ts'
import { setHandlers } from './api/sets.ts'
import { sanityHandlers } from './api/sanity.ts'
import { workspaceHandlers } from './api/workspace.ts'
import { knownDevice } from './compute/known-device.ts'
import { ComputePool } from './compute/pool.ts'
import { loadDataset, type Dataset, type DatasetLocation } from './data/datasets.ts'
import { Groupings } from './groups/groupings.ts'
import { explainJob } from './jobs/explain-job.ts'
import { exportJob } from './jobs/export-job.ts'
import { importJob } from './jobs/import-job.ts'
import { JobQueue } from './jobs/queue.ts'
import { removeRunJob } from './jobs/remove-run-job.ts'
import { removeSetJob } from './jobs/remove-set-job.ts'
import { sanityJob } from './jobs/sanity-job.ts'
import { scoreJob } from './jobs/score-job.ts'
import { insertSampleModels, sampleRun } from './jobs/shipped-models.ts'
import { throttle } from './jobs/throttle.ts'
import { trainJob } from './jobs/train-job.ts'
import { lazily, remembered } from './lazily.ts'
import { MapTable } from './review/map-table.ts'
import { PROGRAM_VERSION } from './program-version.ts'
import { computeVersions } from './versions.ts'
import { openWorkspace } from './workspace/open.ts'
import { setLastSeen } from './workspace/reviewers.ts'

export interface EngineOptions {
  workspacePath: string
  /** Makes the workspace when it is missing. */
  create?: boolean
  /** Default: the fastest that loads. */
  backend?: BackendName
  /** Compute workers; default: what suits the backend and the machine. */
  workers?: number
  /** Folders that exports may be written to and imports read from, absolute; the first is the default. */
  folders: readonly string[]
  /** Whether to go on with unfinished jobs at once; otherwise they wait until they are resumed. Default: yes. */
  resume?: boolean
  /** Where data sets are read from, instead of the usual places. */
  data?: DatasetLocation
}

/** At most so often do screens that show maps ask again while a run goes on, in milliseconds. */
const MAPS_CHANGED = 1000

/**
 * Opens a workspace with everything that works on it, and by default goes on with the jobs that it has left.
 *
 * @throws HeatproofError what opening the workspace throws
 */
export function openEngine(options: EngineOptions): Engine {
  const workspace = openWorkspace(options.workspacePath, { create: options.create ?? false })
  const { database } = workspace
  const listeners = new Set<(event: EngineEvent) => void>()
  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener(event)
  }
  const changed =
    (...what: Extract<EngineEvent, { type: 'changed' }>['what']) =>
    () =>
      emit({ type: 'changed', what })
  const folders = [...options.folders]
  const location = options.data ?? {}
  const data = remembered((name: DatasetName): Dataset => loadDataset(name, location))
  const backend = options.backend ?? 'auto'
  const { workers: size } = options
  const pool = lazily(() => ComputePool.start({ backend, ...(size === undefined ? {} : { size }) }))
  const device = knownDevice(async () => {
    const { device: label, backend: used, size: workers } = await pool.get()
    return { label, backend: used, workers }
  }, changed('workspace'))
  const maps = new MapTable(database)
  const groupings = new Groupings(database)
  const versions = computeVersions()
  const onMapsGone = () => {
    groupings.forget()
    changed('maps', 'runs', 'models', 'queues', 'workspace')()
  }

  const queue = new JobQueue(
    database,
    {
      train: trainJob({ database, backend, location, onModel: changed('models', 'workspace') }),
      explain: explainJob({
        database,
        pool: pool.get,
        data,
        onMaps: throttle(changed('maps', 'runs', 'workspace'), MAPS_CHANGED),
      }),
      sanity: sanityJob({
        database,
        pool: pool.get,
        data,
        versions,
        onStage: changed('checks', 'workspace'),
      }),
      score: scoreJob({ database, pool: pool.get, onScores: changed('maps') }),
      export: exportJob({
        database,
        maps,
        folders: () => folders,
        onExport: changed('exports', 'workspace'),
      }),
      import: importJob({
        database,
        maps,
        folders: () => folders,
        onImport: () => {
          groupings.forget()
          changed('imports', 'models', 'runs', 'maps', 'queues', 'verdicts', 'workspace')()
        },
      }),
      remove: removeRunJob({ database, maps, onMaps: onMapsGone }),
      'remove-set': removeSetJob({ database, maps, onMaps: onMapsGone }),
    },
    (job) => emit({ type: 'job', job }),
  )
  const runDependencies = { database, maps, queue, data, versions }

  const closing = new AbortController()
  const handlers: Engine['handlers'] = {
    ...workspaceHandlers({
      workspace,
      device: device.current,
      folders: () => folders,
      version: PROGRAM_VERSION,
      defaultReviewer: userName(),
      emit,
    }),
    'workspace.openSample': async () => {
      const modelIds = insertSampleModels(database)
      changed('models', 'workspace')()
      return { jobId: (await startRun(runDependencies, sampleRun(modelIds))).jobId }
    },
    ...reviewerHandlers({ database, emit }),
    ...jobHandlers(queue),
    ...runHandlers(runDependencies),
    ...setRunHandlers(runDependencies),
    ...runRemovalHandlers({ database, maps, queue, onRemoved: changed('runs', 'workspace') }),
    ...setHandlers({ database, maps, queue, onRemoved: changed('runs', 'workspace') }),
    ...modelHandlers({ database, queue, onModel: changed('models', 'workspace') }),
    ...reviewHandlers({ database, maps, emit }),
    ...groupHandlers({ database, maps, groupings, emit }),
    ...compareHandlers({ database, maps, pool: pool.get }),
    ...calibrationHandlers({ database, maps, emit, closing: closing.signal }),
    ...figureHandlers({ database, maps }),
    ...sanityHandlers({ database, queue, data }),
    ...exportHandlers({ database, queue, maps, folders: () => folders }),
    ...importHandlers({ database, queue, folders: () => folders }),
  }
  if (options.resume ?? true) queue.resumeUnfinished()

  return {
    handlers,
    bulk: bulkData(database, maps),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reviewerWith: (token) => reviewerWith(database, token),
    noteVisit: (name) => setLastSeen(database, name),
    allowFolder(folder) {
      const real = realpathSync(folder)
      if (!folders.includes(real)) folders.push(real)
    },
    warmUp() {
      // What is wrong with the file is said to whoever asks first.
      maps.ready().catch(() => undefined)
    },
    waitFor: (jobId) => queue.finished(jobId),
    failureOf: (jobId) => queue.failureOf(jobId),
    async close() {
      closing.abort()
      device.close()
      groupings.close()
      await queue.close()
      await pool.close()
      workspace.close()
    },
  }
}

import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { Run, RunRequest } from '../../shared/contract/runs.ts'
import { targetTitle } from '../../shared/class-names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { itemsOfDataset, type DatasetName } from '../../shared/names.ts'
import { canonicalComputedMethod, inUsualOrder } from '../../shared/methods.ts'
import { plural } from '../../shared/units.ts'
import type { Dataset } from '../data/datasets.ts'
import { ITEM_SIDE } from '../data/labelled-images.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { findOrMakeSet } from '../jobs/sample-sets.ts'
import { modelOf, requireComputable, requireTarget } from '../jobs/stored-model.ts'
import type { MapTable } from '../review/map-table.ts'
import { matrixCells } from '../review/matrix.ts'
import { getModel, listModels } from '../workspace/models.ts'
import {
  countPresentMaps,
  expectedMaps,
  getRun,
  insertRun,
  listRuns,
  setRunJob,
  type RunPlan,
  type StoredRun,
} from '../workspace/runs.ts'
import { getSampleSet, listSampleSets } from '../workspace/samples.ts'
import { selectNumber } from '../workspace/statements.ts'
import { BYTES_BESIDE_VALUES } from './run-removal.ts'

export interface RunDependencies {
  database: Database
  maps: MapTable
  queue: JobQueue
  data: (name: DatasetName) => Dataset
  versions: Record<string, string>
}

type RunNames = 'runs.matrix' | 'runs.list' | 'runs.get' | 'runs.estimate' | 'runs.start' | 'runs.score'

export function runHandlers(dependencies: RunDependencies): Handlers<RunNames> {
  const { database } = dependencies
  return {
    'runs.matrix': async ({ metric }) => {
      const cells = matrixCells(await dependencies.maps.ready(), metric)
      return { models: listModels(database), methods: inUsualOrder(cells.map(({ method }) => method)), cells }
    },
    'runs.list': () => listRuns(database).map((run) => shown(database, run)),
    'runs.get': ({ id }) => shown(database, requireRun(database, id)),
    'runs.estimate': (wanted) => {
      const request = withCanonicalMethods(wanted)
      const items = checkRequest(database, request)
      const plan = planOf(database, request, items)
      const maps = request.count * request.modelIds.length * request.methods.length
      const present = plan === null ? 0 : countPresentMaps(database, plan)
      const pace = secondsAMap(database)
      const bytes = (maps - present) * (ITEM_SIDE * ITEM_SIDE * items * 4 + BYTES_BESIDE_VALUES)
      return { maps, present, seconds: pace === null ? null : pace * (maps - present), bytes }
    },
    'runs.score': () => ({ jobId: dependencies.queue.add('score', 'Score all maps again', {}).id }),
    'runs.start': (request) => startRun(dependencies, request),
  }
}

/**
 * Stores the run and queues the job that computes it.
 *
 * @throws HeatproofError `not_found`, `unknown_method`, `bad_argument`, and what reading the data throws
 */
export async function startRun(
  { database, queue, data, versions }: RunDependencies,
  wanted: RunRequest,
): Promise<{ runId: number; jobId: number }> {
  const request = withCanonicalMethods(wanted)
  const items = checkRequest(database, request)
  const set = await findOrMakeSet(database, data(request.dataset), { ...request, items })
  const { seed, count, modelIds, methods, target } = request
  const title = titleOf(database, request)
  const plan = { sampleSetId: set.id, sampleCount: count, modelIds, methods, target, seed }
  const runId = insertRun(database, { title, ...plan, request, versions, jobId: null })
  const job = queue.add('explain', title, { runId })
  setRunJob(database, runId, job.id)
  return { runId, jobId: job.id }
}

/** One id a method, whatever options it was written with. @throws HeatproofError `unknown_method` */
function withCanonicalMethods(request: RunRequest): RunRequest {
  return { ...request, methods: [...new Set(request.methods.map(canonicalComputedMethod))] }
}

/** Items a sample: those of the data set, which all models of the request must read. */
function checkRequest(database: Database, { modelIds, dataset, target }: RunRequest): number {
  const items = itemsOfDataset(dataset)
  const models = modelIds.map((id) => requireModel(database, id))
  models.forEach(requireComputable)
  const wrong = models.find((model) => model.items !== items)
  if (wrong !== undefined) {
    throw new HeatproofError('bad_argument', {
      found: `the model ${wrong.name}, which reads ${wrong.items * ITEM_SIDE} columns`,
      expected: `models that read the ${items * ITEM_SIDE} columns of ${dataset}`,
      advice: 'Start one run for each number of items, on the data set with that number in its name.',
    })
  }
  for (const id of modelIds) requireSize(database, id, items)
  requireTarget(database, target, modelIds)
  return items
}

/** Networks from elsewhere read images of any size. @throws HeatproofError `bad_argument` */
function requireSize(database: Database, id: number, items: number): void {
  if (requireModel(database, id).architecture !== 'graph') return
  const { name, rows, columns } = modelOf(database, id)
  if (rows === ITEM_SIDE && columns === ITEM_SIDE * items) return
  throw new HeatproofError('bad_argument', {
    found: `the model ${name}, which reads ${rows} x ${columns} pixels`,
    expected: `models that read ${ITEM_SIDE} x ${ITEM_SIDE * items}`,
    advice: 'Explain its own images with `heatproof maps`.',
  })
}

function requireModel(database: Database, id: number) {
  const model = getModel(database, id)
  if (model !== undefined) return model
  throw new HeatproofError('not_found', {
    found: `no model ${id}`,
    expected: 'the id of a model of this workspace',
    advice: 'See the models on the Runs screen.',
  })
}

function requireRun(database: Database, id: number): StoredRun {
  const run = getRun(database, id)
  if (run?.removedAt === null) return run
  throw new HeatproofError('not_found', {
    found: run === undefined ? `no run ${id}` : `run ${id}, which was deleted`,
    expected: 'the id of a run of this workspace',
    advice: 'See the list of runs.',
  })
}

function findSet(database: Database, { dataset, split, fold, seed }: RunRequest, items: number) {
  return listSampleSets(database).find(
    (set) =>
      set.dataset === dataset &&
      set.split === split &&
      set.fold === fold &&
      set.seed === seed &&
      set.items === items,
  )
}

/** null when none of the samples is there yet. */
function planOf(database: Database, request: RunRequest, items: number): RunPlan | null {
  const set = findSet(database, request, items)
  if (set === undefined) return null
  const { modelIds, methods, target, seed, count } = request
  return { sampleSetId: set.id, sampleCount: count, modelIds, methods, target, seed }
}

function titleOf(database: Database, { modelIds, methods, count, dataset, target }: RunRequest): string {
  const labels = modelIds.map((id) => getModel(database, id)?.label ?? '')
  const models = labels.length > 3 ? `${labels.length} models` : labels.join(', ')
  const many = methods.length === 1 ? (methods[0] ?? '') : `${methods.length} methods`
  const explained = typeof target === 'number' ? `, ${targetTitle(dataset, target)}` : ''
  return `${models} × ${many} on ${plural(count, 'sequence')}${explained}`
}

/** From the finished runs of this workspace; null without any. */
function secondsAMap(database: Database): number | null {
  const maps = selectNumber(
    database,
    'SELECT count(*) FROM maps JOIN runs ON runs.id = maps.run_id WHERE seconds IS NOT NULL AND removed_at IS NULL',
  )
  const seconds = selectNumber(
    database,
    'SELECT coalesce(sum(seconds), 0) FROM runs WHERE removed_at IS NULL',
  )
  return maps === 0 ? null : seconds / maps
}

function shown(database: Database, { modelIds, ...run }: StoredRun): Run {
  const set = getSampleSet(database, run.sampleSetId)
  if (set === undefined) throw new Error(`run ${run.id} without its sample set`)
  const { id, title, methods, target, seed, backend, device, versions, seconds, jobId } = run
  const { createdAt, finishedAt } = run
  const plan = { ...run, modelIds }
  return {
    id,
    title,
    sampleSet: set,
    models: modelIds,
    methods,
    target,
    seed,
    backend,
    device,
    versions,
    sequences: plan.sampleCount,
    maps: countPresentMaps(database, plan),
    mapsExpected: expectedMaps(plan),
    seconds,
    jobId,
    createdAt,
    finishedAt,
  }
}

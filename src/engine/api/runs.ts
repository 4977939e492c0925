import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { Run, RunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { itemsOfDataset, type DatasetName } from '../../shared/names.ts'
import { inUsualOrder } from '../../shared/methods.ts'
import { plural } from '../../shared/units.ts'
import type { Dataset } from '../data/datasets.ts'
import { ITEM_SIDE } from '../data/labelled-images.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { findOrMakeSet } from '../jobs/sample-sets.ts'
import { modelInput, requireTarget } from '../jobs/model-input.ts'
import { requireComputable } from '../jobs/stored-model.ts'
import type { MapTable } from '../review/map-table.ts'
import { matrixCells } from '../review/matrix.ts'
import { listModels } from '../workspace/models.ts'
import {
  countPresentMaps,
  expectedMaps,
  getRun,
  isImportedRun,
  listRuns,
  type RunPlan,
  type StoredRun,
} from '../workspace/runs.ts'
import { getSampleSet, listSampleSets } from '../workspace/samples.ts'
import { estimateOf, queueRun, requireFits, requireModel, titleOf, withCanonicalMethods } from './new-run.ts'

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
      return estimateOf(database, { maps, present, pixels: ITEM_SIDE * ITEM_SIDE * items })
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
  const title = titleOf(database, request, { samples: plural(count, 'sequence'), dataset: request.dataset })
  const plan = { sampleSetId: set.id, sampleCount: count, modelIds, methods, target, seed }
  return queueRun({ database, queue }, { title, ...plan, request, versions })
}

/** Items a sample: those of the data set, which all models of the request must read. */
function checkRequest(database: Database, { modelIds, dataset, target }: RunRequest): number {
  const items = itemsOfDataset(dataset)
  const models = modelIds.map((id) => requireModel(database, id))
  models.forEach(requireComputable)
  const wrong = models.find((model) => model.architecture !== 'graph' && model.items !== items)
  if (wrong !== undefined) {
    throw new HeatproofError('bad_argument', {
      found: `the model ${wrong.name}, which reads ${wrong.items * ITEM_SIDE} columns`,
      expected: `models that read the ${items * ITEM_SIDE} columns of ${dataset}`,
      advice: 'Start one run for each number of items, on the data set with that number in its name.',
    })
  }
  const size = { rows: ITEM_SIDE, columns: items * ITEM_SIDE, channels: 1 }
  for (const id of modelIds) requireFits(modelInput(database, id), size, `the images of ${dataset}`)
  requireTarget(database, target, modelIds)
  return items
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
    imported: isImportedRun(run),
    createdAt,
    finishedAt,
  }
}

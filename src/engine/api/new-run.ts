import type { Database } from 'better-sqlite3'
import { targetTitle } from '../../shared/class-names.ts'
import type { InputSize, RunEstimate, Target } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { canonicalComputedMethod } from '../../shared/methods.ts'
import { printInputSize } from '../../shared/units.ts'
import type { ModelInput } from '../jobs/model-input.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { getModel } from '../workspace/models.ts'
import { insertRun, setRunJob, type NewRun } from '../workspace/runs.ts'
import { selectNumber } from '../workspace/statements.ts'
import { BYTES_BESIDE_VALUES } from './run-removal.ts'

/** What every run needs, whatever it explains. */
interface Wanted {
  modelIds: number[]
  methods: string[]
  target: Target
}

/** Stores a run and queues the job that computes it. */
export function queueRun(
  { database, queue }: { database: Database; queue: JobQueue },
  run: Omit<NewRun, 'jobId'>,
): { runId: number; jobId: number } {
  const runId = insertRun(database, { ...run, jobId: null })
  const job = queue.add('explain', run.title, { runId })
  setRunJob(database, runId, job.id)
  return { runId, jobId: job.id }
}

/** One id a method, whatever options it was written with. @throws HeatproofError `unknown_method` */
export function withCanonicalMethods<Request extends Wanted>(request: Request): Request {
  return { ...request, methods: [...new Set(request.methods.map(canonicalComputedMethod))] }
}

/** @param where whose size it is, for messages @throws HeatproofError `bad_argument` for a model that reads other inputs */
export function requireFits(model: ModelInput, size: InputSize, where: string): void {
  if (printInputSize(model) === printInputSize(size)) return
  throw new HeatproofError('bad_argument', {
    found: `the model ${model.name}, which reads ${printInputSize(model)} pixels`,
    expected: `models that read ${printInputSize(size)}, the size of ${where}`,
    advice: 'Choose a model and images of one size (rows x columns, and channels if there are several).',
  })
}

/** @throws HeatproofError `not_found` */
export function requireModel(database: Database, id: number) {
  const model = getModel(database, id)
  if (model !== undefined) return model
  throw new HeatproofError('not_found', {
    found: `no model ${id}`,
    expected: 'the id of a model of this workspace',
    advice: 'See the models on the Runs screen.',
  })
}

/** @param samples e.g. `100 sequences` @param dataset whose classes they are */
export function titleOf(
  database: Database,
  { modelIds, methods, target }: Wanted,
  { samples, dataset }: { samples: string; dataset: string },
): string {
  const labels = modelIds.map((id) => getModel(database, id)?.label ?? '')
  const models = labels.length > 3 ? `${labels.length} models` : labels.join(', ')
  const many = methods.length === 1 ? (methods[0] ?? '') : `${methods.length} methods`
  const explained = typeof target === 'number' ? `, ${targetTitle(dataset, target)}` : ''
  return `${models} × ${many} on ${samples}${explained}`
}

/** What is left to compute, in maps, time and space. */
export function estimateOf(
  database: Database,
  { maps, present, pixels }: { maps: number; present: number; pixels: number },
): RunEstimate {
  const left = maps - present
  const pace = secondsAMap(database)
  return {
    ...{ maps, present, seconds: pace === null ? null : pace * left },
    bytes: left * (pixels * 4 + BYTES_BESIDE_VALUES),
  }
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

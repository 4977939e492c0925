import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { SanityCheck, SanityRequest, SanityValue } from '../../shared/contract/sanity.ts'
import { targetTitle } from '../../shared/class-names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { canonicalComputedMethod, inUsualOrder, parseMethod } from '../../shared/methods.ts'
import { SANITY_METRICS, type DatasetName } from '../../shared/names.ts'
import { plural, printInputSize } from '../../shared/units.ts'
import type { Dataset } from '../data/datasets.ts'
import { ITEM_SIDE } from '../data/labelled-images.ts'
import { sanityCsv } from '../figures/sanity-table.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { findOrMakeSet } from '../jobs/sample-sets.ts'
import { requireTarget } from '../jobs/model-input.ts'
import { modelOf } from '../jobs/stored-model.ts'
import type { AnyModel } from '../graph/any-model.ts'
import { getModel } from '../workspace/models.ts'
import {
  getSanityCheck,
  listSanityChecks,
  listSanityStages,
  type StoredSanityCheck,
} from '../workspace/sanity-checks.ts'

export interface SanityHandlerDependencies {
  database: Database
  queue: JobQueue
  data: (name: DatasetName) => Dataset
}

export function sanityHandlers({
  database,
  queue,
  data,
}: SanityHandlerDependencies): Handlers<'sanity.start' | 'sanity.list' | 'sanity.get'> {
  return {
    'sanity.start': async (wanted) => {
      const seeds = wanted.againstId === null ? wanted.seeds : 1
      const request = { ...wanted, seeds, methods: withControl(wanted.methods) }
      const { items } = requireComparable(database, request)
      requireTarget(database, request.target, [request.modelId])
      await findOrMakeSet(database, data(request.dataset), { ...request, seed: request.sampleSeed, items })
      return { jobId: queue.add('sanity', titleOf(database, request), request).id }
    },
    'sanity.list': () =>
      listSanityChecks(database).map((check) => ({
        ...headOf(database, check),
        stagesDone: check.stagesDone,
      })),
    'sanity.get': ({ id }) => sanityCheck(database, id),
  }
}

/** @throws HeatproofError `not_found` */
export function sanityTable(database: Database, id: number): string {
  return sanityCsv(sanityCheck(database, id))
}

/**
 * Each method once, and with them the one that does not look at the model: its maps must not change.
 *
 * @throws HeatproofError `unknown_method`
 */
function withControl(wanted: readonly string[]): string[] {
  const methods = wanted.map(canonicalComputedMethod)
  const control = methods.some((method) => parseMethod(method).family === 'random') ? [] : ['random']
  return inUsualOrder([...methods, ...control])
}

/** @throws HeatproofError `not_found`, `bad_argument` for models whose maps have no common size */
function requireComparable(database: Database, { modelId, againstId }: SanityRequest): AnyModel {
  const model = modelOf(database, modelId)
  const { items } = model
  if (printInputSize(model) !== printInputSize({ rows: ITEM_SIDE, columns: ITEM_SIDE * items })) {
    throw notComparable(
      `a model that reads ${printInputSize(model)} pixels`,
      `${ITEM_SIDE} x ${ITEM_SIDE * items}, the size of a sequence of ${items} items`,
    )
  }
  if (againstId === null) return model
  if (againstId === modelId) throw notComparable('a model against itself', 'two different models')
  const other = modelOf(database, againstId)
  const shapeOf = (each: AnyModel) => `${printInputSize(each)} pixels and ${each.classes} classes`
  if (shapeOf(other) !== shapeOf(model) || other.items !== items) {
    throw notComparable(
      `a model of ${shapeOf(model)} against one of ${shapeOf(other)}`,
      'models of the same shape',
    )
  }
  return model
}

function notComparable(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_argument', { found, expected, advice: 'Choose another model.' })
}

function titleOf(
  database: Database,
  { modelId, againstId, methods, count, dataset, target }: SanityRequest,
): string {
  const label = (id: number) => getModel(database, id)?.label ?? ''
  const change = againstId === null ? 'fresh weights by layer' : label(againstId)
  const explained = typeof target === 'number' ? `, ${targetTitle(dataset, target)}` : ''
  return `Sanity check: ${label(modelId)} against ${change}, ${plural(methods.length, 'method')}, ${plural(count, 'sequence')}${explained}`
}

function sanityCheck(database: Database, id: number): SanityCheck {
  const check = getSanityCheck(database, id)
  if (check === undefined) {
    throw new HeatproofError('not_found', {
      found: `no sanity check ${id}`,
      expected: 'the id of a sanity check of this workspace',
      advice: 'See the list of checks in Figures.',
    })
  }
  const { methods } = check.request
  const placeOf = ({ method, metric }: SanityValue) =>
    methods.indexOf(method) * SANITY_METRICS.length + SANITY_METRICS.indexOf(metric)
  return {
    ...headOf(database, check),
    stages: listSanityStages(database, id).map((stage) => ({
      ...stage,
      values: stage.values.sort((a, b) => placeOf(a) - placeOf(b)),
    })),
    warnings: warningsOf(database, check.request),
  }
}

function headOf(database: Database, { id, jobId, request, stageNames, createdAt }: StoredSanityCheck) {
  const model = checkedModel(database, request.modelId)
  const against = request.againstId === null ? null : checkedModel(database, request.againstId)
  return { id, jobId, request, model, against, stageNames, createdAt }
}

function checkedModel(database: Database, id: number): SanityCheck['model'] {
  const model = getModel(database, id)
  if (model === undefined) throw new Error(`no model ${id}`)
  const { name, label, sha256 } = model
  return { id, name, label, sha256 }
}

function warningsOf(database: Database, { modelId, againstId }: SanityRequest): string[] {
  const [model, other] = [getModel(database, modelId), getModel(database, againstId ?? 0)]
  const seed = model?.metadata['seed']
  const sameStart = model?.architecture === other?.architecture && seed !== undefined
  if (!sameStart || other?.metadata['seed'] !== seed) return []
  return [
    `Both models began with the same initial weights (seed ${seed}): maps may be alike because of these, not because of what was learned.`,
  ]
}

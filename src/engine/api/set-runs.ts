import type { Database } from 'better-sqlite3'
import type { Handlers, Output } from '../../shared/contract/contract.ts'
import type { SetRunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { isComputable } from '../../shared/names.ts'
import { formatCount, plural } from '../../shared/units.ts'
import { modelInput, requireTarget } from '../jobs/model-input.ts'
import { requireComputable } from '../jobs/stored-model.ts'
import { listModels } from '../workspace/models.ts'
import { countPresentMaps, type RunPlan } from '../workspace/runs.ts'
import { sizesOfSamples, type SampleSizes } from '../workspace/sample-sizes.ts'
import { comesIn, getSampleSet, listSampleSets, type StoredSampleSet } from '../workspace/samples.ts'
import { estimateOf, queueRun, requireFits, requireModel, titleOf, withCanonicalMethods } from './new-run.ts'
import type { RunDependencies } from './runs.ts'

type SetRunNames = 'runs.inputs' | 'runs.estimateOnSet' | 'runs.startOnSet'

/** Runs on sets of samples that somebody brought. */
export function setRunHandlers(dependencies: Omit<RunDependencies, 'maps' | 'data'>): Handlers<SetRunNames> {
  const { database, versions } = dependencies
  return {
    'runs.inputs': () => ({
      sets: listSampleSets(database).flatMap((set) => offered(database, set)),
      ...readableModels(database),
    }),
    'runs.estimateOnSet': (wanted) => {
      const { plan, sizes } = planOf(database, wanted)
      const maps = plan.sampleCount * plan.modelIds.length * plan.methods.length
      const pixels = sizes.rows * sizes.columns
      return estimateOf(database, { maps, present: countPresentMaps(database, plan), pixels })
    },
    'runs.startOnSet': (wanted) => {
      const { request, plan, set } = planOf(database, wanted)
      const samples = plural(request.count, 'imported sample')
      const title = titleOf(database, request, { samples, dataset: set.dataset })
      return queueRun(dependencies, { title, ...plan, request, versions })
    },
  }
}

/** What the models read, and why some cannot be read. */
function readableModels(database: Database): Pick<Output<'runs.inputs'>, 'models' | 'damaged'> {
  const [models, damaged]: [Output<'runs.inputs'>['models'], Output<'runs.inputs'>['damaged']] = [[], []]
  for (const { id } of listModels(database).filter(isComputable)) {
    try {
      const { rows, columns, channels, classes } = modelInput(database, id)
      models.push({ id, rows, columns, channels, classes })
    } catch (error) {
      if (!(error instanceof HeatproofError)) throw error
      damaged.push({ id, reason: error.message })
    }
  }
  return { models, damaged }
}

function offered(database: Database, set: StoredSampleSet) {
  const { id, name, dataset, split, count, source } = set
  if (split !== 'imported' || source.removedAt !== undefined || comesIn(database, set)) return []
  const [sizes, ...others] = sizesOfSamples(database, id, count)
  if (sizes?.count !== count || others.length > 0) return []
  const { rows, columns, channels } = sizes
  return [{ id, name, dataset, count, rows, columns, channels }]
}

/**
 * The maps that a request means.
 *
 * @throws HeatproofError `not_found`, `unknown_method`; `conflict` (images that still come in); `bad_argument`: models, samples and explained class do not go together
 */
function planOf(
  database: Database,
  wanted: SetRunRequest,
): { request: SetRunRequest; plan: RunPlan; set: StoredSampleSet; sizes: SampleSizes } {
  const request = withCanonicalMethods(wanted)
  const { sampleSetId, modelIds, methods, target, count } = request
  const set = requireImportedSet(database, sampleSetId)
  const sizes = requireSamples(database, set, count)
  for (const id of modelIds) {
    requireComputable(requireModel(database, id))
    const model = modelInput(database, id)
    requireFits(model, sizes, `the samples of ${set.name}`)
    if (target === 'label' && sizes.largestLabel >= model.classes) {
      throw new HeatproofError('bad_argument', {
        found: `samples of ${set.name} with the label ${sizes.largestLabel} for the model ${model.name}`,
        expected: `labels from 0 to ${model.classes - 1}, the classes that it knows`,
        advice: 'Explain the prediction, or a class that the model has.',
      })
    }
  }
  requireTarget(database, target, modelIds)
  const plan = { sampleSetId, sampleCount: count, modelIds, methods, target, seed: set.seed }
  return { request, plan, set, sizes }
}

function requireImportedSet(database: Database, id: number): StoredSampleSet {
  const stored = getSampleSet(database, id)
  const set = stored?.source.removedAt === undefined ? stored : undefined
  if (set?.split === 'imported' && comesIn(database, set)) {
    throw new HeatproofError('conflict', {
      found: `the sample set ${set.name}, of whose ${formatCount(set.source.images ?? 0)} images ${formatCount(set.count)} are there`,
      expected: 'a set that has come in whole',
      advice: 'Wait for the end of its import, or import the images again.',
    })
  }
  if (set?.split === 'imported') return set
  throw new HeatproofError('not_found', {
    found: set === undefined ? `no sample set ${id}` : `the sample set ${set.name}, which was drawn here`,
    expected: 'a set of samples that were imported',
    advice: 'Import images first; sequences of digits and items are explained by their data set.',
  })
}

/** The one size of the first so many samples of a set, all of which must be there. */
function requireSamples(
  database: Database,
  { id, name, count: all }: StoredSampleSet,
  count: number,
): SampleSizes {
  const [sizes, other] = sizesOfSamples(database, id, count)
  if (sizes?.count === count) return sizes
  if (other !== undefined) {
    throw new HeatproofError('bad_argument', {
      found: `samples of several sizes among the first ${formatCount(count)} of ${name}`,
      expected: 'samples of one size, which a model can read',
      advice: 'Ask for fewer, or import those of each size as a set of their own.',
    })
  }
  throw new HeatproofError('bad_argument', {
    found: `a request for ${plural(count, 'sample')} of ${name}, whose first ${formatCount(count)} places hold ${formatCount(sizes?.count ?? 0)}`,
    expected: `at most its ${plural(all, 'sample')}, none of them missing`,
    advice: 'Ask for fewer.',
  })
}

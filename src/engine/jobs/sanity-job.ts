import type { Database } from 'better-sqlite3'
import { StoredSanityRequest } from '../../shared/contract/sanity.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { DatasetName } from '../../shared/names.ts'
import type { ComputePool } from '../compute/pool.ts'
import type { Dataset } from '../data/datasets.ts'
import { getModel } from '../workspace/models.ts'
import { ensureSanityCheck, insertSanityStage, listSanityStages } from '../workspace/sanity-checks.ts'
import type { JobDefinition } from './queue.ts'
import { ensureSamples, findOrMakeSet } from './sample-sets.ts'
import { SanityComparison } from './sanity-comparison.ts'
import { sanityStages, storedModel, type SanityStagePlan } from './sanity-stages.ts'

export interface SanityDependencies {
  database: Database
  pool: () => Promise<ComputePool>
  data: (name: DatasetName) => Dataset
  versions: Record<string, string>
  /** Called when a check was begun or a stage of it stored. */
  onStage: () => void
}

/** Compares a model's maps with those of the model after changes, stage by stage; what is stored is not computed again. */
export function sanityJob({
  database,
  pool: startPool,
  data,
  versions,
  onStage,
}: SanityDependencies): JobDefinition {
  return {
    unit: 'comparisons',
    async run({ jobId, request: raw, signal, report, setResult }) {
      const request = StoredSanityRequest.parse(raw)
      const { dataset, split, fold, count, sampleSeed, methods } = request
      const items = getModel(database, request.modelId)?.items ?? 3
      const recipe = { dataset, split, fold, count, seed: sampleSeed, items }
      const stages = sanityStages(database, request)
      const pairsOf = ({ draws }: SanityStagePlan) => draws.length * count * methods.length
      const total = sum(stages.map(pairsOf))
      const set = await findOrMakeSet(database, data(dataset), recipe)
      const stageNames = stages.map(({ name }) => name)
      const check = ensureSanityCheck(database, { jobId, sampleSetId: set.id, request, stageNames })
      setResult(check.id)
      onStage()
      await ensureSamples(database, data(dataset), recipe, {
        signal,
        progress: (stored) => report({ done: 0, total, detail: `storing sequences: ${stored} of ${count}` }),
      })
      const stored = new Set(listSanityStages(database, check.id).map(({ position }) => position))
      let done = sum(stages.filter((_, position) => stored.has(position)).map(pairsOf))
      const pool = await startPool()
      const comparison = new SanityComparison(database, pool, {
        request,
        sampleSetId: set.id,
        model: storedModel(database, request.modelId),
      })
      for (const [position, stage] of stages.entries()) {
        if (stored.has(position)) continue
        const startedAt = Date.now()
        const { accuracy, values } = await comparison.compare(stage, (pairs) => {
          if (signal.aborted) throw cancelled()
          report({ done: (done += pairs), total, detail: stage.name })
        })
        const seconds = (Date.now() - startedAt) / 1000
        const { backend, device } = pool
        const { name } = stage
        insertSanityStage(database, check.id, {
          position,
          name,
          accuracy,
          values,
          backend,
          device,
          versions,
          seconds,
        })
        onStage()
      }
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all stages to be compared',
    advice: 'Resume the job to go on.',
  })
}

import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { RunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { batchOfInputs } from '../compute/batch-size.ts'
import type { ComputePool } from '../compute/pool.ts'
import type { ExplainResult } from '../compute/protocol.ts'
import type { Dataset } from '../data/datasets.ts'
import type { DatasetName } from '../../shared/names.ts'
import { insertMaps, type NewMap } from '../workspace/maps.ts'
import { getModel, getModelWeights } from '../workspace/models.ts'
import {
  countPresentMaps,
  expectedMaps,
  getRun,
  missingMaps,
  updateRun,
  type MissingMaps,
  type RunPlan,
  type StoredRun,
} from '../workspace/runs.ts'
import { valuesOf } from '../models/layout.ts'
import { sizesOfSamples } from '../workspace/sample-sizes.ts'
import { getSample, type StoredSample } from '../workspace/samples.ts'
import type { JobContext, JobDefinition } from './queue.ts'
import { inParallel } from '../in-parallel.ts'
import { taskOf } from './sample-batch.ts'
import { ensureSamples } from './sample-sets.ts'

export const ExplainJobRequest = z.object({ runId: z.int().positive() })

export interface ExplainDependencies {
  database: Database
  pool: () => Promise<ComputePool>
  data: (name: DatasetName) => Dataset
  /** Called when maps were stored. */
  onMaps: () => void
}

/** Computes the maps of a run that the workspace lacks, and stores each as it is ready. */
export function explainJob(dependencies: ExplainDependencies): JobDefinition {
  return {
    unit: 'maps',
    async run(context) {
      const { runId } = ExplainJobRequest.parse(context.request)
      const stored = requireRun(dependencies.database, runId)
      context.setResult(runId)
      const drawn = RunRequest.safeParse(stored.request)
      if (!drawn.success) return computeMissing(dependencies, context, stored)
      const run = { ...stored, shard: drawn.data.shard }
      await drawSamples(dependencies, context, run, drawn.data)
      await computeMissing(dependencies, context, run)
    },
  }
}

async function drawSamples(
  { database, data }: ExplainDependencies,
  { signal, report }: JobContext,
  run: StoredRun & RunPlan,
  { dataset, split, fold, count, seed }: RunRequest,
): Promise<void> {
  const items = getModel(database, run.modelIds[0] ?? 0)?.items ?? 3
  const total = expectedMaps(run)
  const progress = (stored: number) =>
    report({ done: 0, total, detail: `storing sequences: ${stored} of ${count}` })
  const recipe = { dataset, split, fold, count, seed, items }
  await ensureSamples(database, data(dataset), recipe, { signal, progress })
}

async function computeMissing(
  { database, pool: startPool, onMaps }: ExplainDependencies,
  { signal, report }: JobContext,
  run: StoredRun & RunPlan,
): Promise<void> {
  const startedAt = Date.now()
  const pool = await startPool()
  const total = expectedMaps(run)
  let done = countPresentMaps(database, run)
  report({ done, total, detail: 'computing maps' })
  const close = (finished: boolean) => {
    const seconds = (Date.now() - startedAt) / 1000
    updateRun(database, run.id, { backend: pool.backend, device: pool.device, seconds, finished })
  }
  try {
    await inParallel(
      pool.lanes,
      batchesOf(missingMaps(database, run), batchOf(database, run, pool.batch)),
      async (batch) => {
        if (signal.aborted) throw cancelled()
        const samples = batch.sampleIds.map((id) => requireSample(database, id))
        const result = await pool.explain(
          {
            modelKey: String(batch.modelId),
            ...taskOf(samples, run.target),
            methods: batch.methods,
            checkNodes: batch.checkNodes,
          },
          () => getModelWeights(database, batch.modelId) ?? new Uint8Array(),
        )
        done += await storeBatch(database, run, batch.modelId, samples, result)
        const model = getModel(database, batch.modelId)?.label ?? ''
        report({ done, total, detail: model })
        onMaps()
      },
    )
    close(true)
  } catch (error) {
    close(false)
    throw error
  }
}

/** Samples that are explained at once: fewer where they are large. */
function batchOf(database: Database, { sampleSetId, sampleCount }: RunPlan, most: number): number {
  const sizes = sizesOfSamples(database, sampleSetId, sampleCount).map(valuesOf)
  return batchOfInputs(most, Math.max(1, ...sizes))
}

/** Stores what a batch gave, one method at a time, so that the engine answers others in between. */
async function storeBatch(
  database: Database,
  run: StoredRun,
  modelId: number,
  samples: readonly StoredSample[],
  { logits, classes, maps }: ExplainResult,
): Promise<number> {
  const predictions = samples.map(({ id }, index) => {
    const row = logits.slice(index * classes, (index + 1) * classes)
    return { sampleId: id, logits: row, predicted: row.indexOf(Math.max(...row)) }
  })
  const byMethod = Map.groupBy(maps, ({ method }) => method)
  let inserted = 0
  for (const group of byMethod.values()) {
    const rows = group.map(({ index, ...map }): NewMap => ({
      ...map,
      sampleId: samples[index]?.id ?? 0,
      targetKind: typeof run.target === 'number' ? 'class' : run.target,
      seed: run.seed,
    }))
    inserted += insertMaps(database, { runId: run.id, modelId, predictions, maps: rows }).inserted
    await new Promise(setImmediate)
  }
  return inserted
}

interface Batch {
  modelId: number
  sampleIds: number[]
  methods: string[]
  checkNodes: boolean
}

/** Samples of each model whose conservation is checked in every node too, at the price of half as much time again. */
const NODE_CHECKED_SAMPLES = 50

/** Cuts what is missing into batches of at most so many samples; all samples of a batch lack the same methods. */
export function* batchesOf(missing: readonly MissingMaps[], size: number): Generator<Batch> {
  for (const { modelId, samples } of missing) {
    let first = 0
    while (first < samples.length) {
      const checkNodes = first === 0
      const methods = samples[first]?.methods ?? []
      const most = samples.slice(first, first + (checkNodes ? Math.min(size, NODE_CHECKED_SAMPLES) : size))
      const others = most.findIndex((sample) => sample.methods.join() !== methods.join())
      const chunk = others < 0 ? most : most.slice(0, others)
      yield { modelId, sampleIds: chunk.map(({ sampleId }) => sampleId), methods, checkNodes }
      first += chunk.length
    }
  }
}

function requireRun(database: Database, id: number): StoredRun {
  const run = getRun(database, id)
  if (run?.removedAt === null) return run
  throw new HeatproofError('not_found', {
    found: run === undefined ? `no run ${id}` : `run ${id}, which was deleted`,
    expected: 'the run that this job belongs to',
    advice: 'Start a new run.',
  })
}

function requireSample(database: Database, id: number): StoredSample {
  const sample = getSample(database, id)
  if (sample !== undefined) return sample
  throw new HeatproofError('not_found', {
    found: `no sample ${id}`,
    expected: 'the samples of the run to be stored',
    advice: 'Start a new run.',
  })
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all maps of the run to be computed',
    advice: 'Resume the job to go on.',
  })
}

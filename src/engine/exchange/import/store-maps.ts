import type { Database } from 'better-sqlite3'
import { setImmediate } from 'node:timers/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { plural } from '../../../shared/units.ts'
import { MeasuringThreads } from '../../compute/measuring-threads.ts'
import { inOrder } from '../../in-order.ts'
import type { MeasuredMap } from '../../metrics/measure-map.ts'
import type { MapToMeasure } from '../../metrics/measure-task.ts'
import { findMap, removeImportedMaps } from '../../workspace/imported-maps.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../workspace/map-analyses.ts'
import { countMapsOfRun, insertMaps, type NewMap } from '../../workspace/maps.ts'
import { insertModel } from '../../workspace/models.ts'
import { finishImportedRun, insertRun, runOfJob, type StoredRun } from '../../workspace/runs.ts'
import { insertSamples } from '../../workspace/samples.ts'
import { transact } from '../../workspace/statements.ts'
import { modelHash, requireNoConflict, storedSamples } from './import-conflicts.ts'
import type { ImportContext, StoredImport } from './import-format.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'
import { ensureImportedSet, samplesAtOnce, SEED } from './imported-set.ts'

/** Maps that are stored in one transaction, which others wait for. */
const MAPS_AT_ONCE = 200

/**
 * Stores maps as a run of their own, with samples, predictions and the network as a model without weights. What is there already is
 * kept. A failed or cancelled import is taken back; one whose engine stopped goes on.
 *
 * @throws HeatproofError `conflict`: the workspace says something else of the same sample; `cancelled`
 */
export async function storeMaps(context: ImportContext, maps: ImportedMaps): Promise<StoredImport> {
  const { database, jobId } = context
  const run = runOfJob(database, jobId) ?? (await begin(context, maps))
  try {
    const analysisIds = ensureMapAnalyses(database, run.id, maps.analyses)
    const before = countMapsOfRun(database, run.id)
    await storeBatches(context, run, maps, {
      ...{ analysisIds, first: Math.floor(before / maps.methods.length) },
    })
  } catch (error) {
    if (!context.isClosing()) await removeImportedMaps(database, run.id, context.mapsInUse)
    throw error
  }
  finishImportedRun(database, run.id)
  const { sha256: hash, tool, warnings, count } = maps
  const counts = {
    ...{ samples: count, maps: countMapsOfRun(database, run.id) },
    ...(maps.analyses.length > 0 && { analyses: maps.analyses.length }),
  }
  return { sha256: hash, tool, warnings, counts, runId: run.id }
}

async function begin({ database, jobId, request }: ImportContext, maps: ImportedMaps): Promise<StoredRun> {
  await requireNoConflict(database, maps)
  return transact(database, () => {
    const { name, model, methods, count, target, tool } = maps
    const set = ensureImportedSet(database, maps)
    const { id: modelId } = insertModel(database, {
      ...{
        name: model,
        architecture: 'external',
        stationaryDropout: false,
        dataset: name,
        steps: 1,
        fold: 1,
        items: 1,
      },
      ...{ sha256: modelHash(model), accuracy: null, trained: true, origin: 'imported', metadata: {} },
      weights: new Uint8Array(),
    })
    insertRun(database, {
      title: `${model} × ${methods.length === 1 ? (methods[0] ?? '') : `${methods.length} methods`} on ${plural(count, 'imported sample')}`,
      ...{ sampleSetId: set.id, sampleCount: count, modelIds: [modelId], methods, target, seed: SEED, jobId },
      request: { importedFrom: request.path },
      versions: tool === null ? {} : { tool },
    })
    const run = runOfJob(database, jobId)
    if (run === undefined) throw new Error('the run was not stored')
    return run
  })
}

async function storeBatches(
  { database, signal, report }: ImportContext,
  run: StoredRun,
  maps: ImportedMaps,
  { first, analysisIds }: { first: number; analysisIds: readonly number[] },
): Promise<void> {
  const total = maps.count * maps.methods.length
  let done = first * maps.methods.length
  report({ done, total, detail: 'storing' })
  const most = Math.max(1, Math.floor(MAPS_AT_ONCE / maps.methods.length))
  const size = Math.min(most, await samplesAtOnce(maps))
  const threads = new MeasuringThreads()
  try {
    await inOrder(
      maps.batches(first, size),
      threads.size + 1,
      (batch) => {
        if (signal.aborted) throw stopped()
        return threads.measure(mapsOf(batch))
      },
      async (measured, batch) => {
        if (signal.aborted) throw stopped()
        transact(database, () => {
          storeBatch(database, run, batch, measured)
          storeAnalysisRows(database, run, batch, { maps, analysisIds })
        })
        done += batch.samples.length * maps.methods.length
        report({ done, total, detail: 'storing' })
        await setImmediate()
      },
    )
  } finally {
    await threads.close()
  }
}

/** By sample, then by method. */
function mapsOf({ samples, maps }: ImportedBatch): MapToMeasure[] {
  return samples.flatMap(({ rows, columns, regions, input }, sample) =>
    maps.map((own) => ({ values: own[sample] ?? new Float32Array(), input, rows, columns, regions })),
  )
}

function storeBatch(
  database: Database,
  run: StoredRun,
  batch: ImportedBatch,
  measured: readonly MeasuredMap[],
): void {
  const { sampleSetId, modelIds, methods, target } = run
  const [modelId = 0] = modelIds
  transact(database, () => {
    insertSamples(database, sampleSetId, batch.samples)
    const stored = storedSamples(database, sampleSetId, batch.samples)
    const sampleIds = stored.map(({ id }) => id)
    const maps = batch.samples.flatMap((_, sample) =>
      methods.map((method, index): NewMap => {
        const values = batch.maps[index]?.[sample] ?? new Float32Array()
        const {
          shares = [],
          sharesPositive = [],
          pixelScores,
        } = measured[sample * methods.length + index] ?? {}
        const explained = batch.targets[sample] ?? 0
        return {
          ...{ method, values, shares, sharesPositive, pixelScores, target: explained, seed: SEED },
          ...sumsOf(values),
          ...{ started: null, conservation: null, state: 'ok' },
          logit: batch.predictions[sample]?.logits[explained] ?? null,
          sampleId: sampleIds[sample] ?? 0,
          targetKind: typeof target === 'number' ? 'class' : target,
        }
      }),
    )
    const predictions = batch.predictions.map((own, sample) => ({ ...own, sampleId: sampleIds[sample] ?? 0 }))
    insertMaps(database, { runId: run.id, modelId, predictions, maps })
  })
}

function storeAnalysisRows(
  database: Database,
  { sampleSetId, modelIds, methods }: StoredRun,
  batch: ImportedBatch,
  { maps, analysisIds }: { maps: ImportedMaps; analysisIds: readonly number[] },
): void {
  if (analysisIds.length === 0) return
  const [modelId = 0] = modelIds
  const sampleIds = storedSamples(database, sampleSetId, batch.samples).map(({ id }) => id)
  const mapIds = methods.map((method) =>
    sampleIds.map((sampleId, sample) =>
      findMap(database, { sampleId, modelId, method, target: batch.targets[sample] ?? 0, seed: SEED }),
    ),
  )
  const rows = maps.analysisRows(batch.samples[0]?.position ?? 0, batch.samples.length)
  insertMapAnalysisRows(
    database,
    rows.map(({ analysis, method, sample, ...content }) => ({
      ...content,
      ...{ analysisId: analysisIds[analysis] ?? 0, mapId: mapIds[method]?.[sample] ?? 0 },
    })),
  )
}

function sumsOf(values: Float32Array): Pick<NewMap, 'total' | 'absolute' | 'low' | 'high'> {
  let [total, absolute, low, high] = [0, 0, Infinity, -Infinity]
  for (const value of values) {
    total += value
    absolute += Math.abs(value)
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return { total, absolute, low, high }
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all maps to be stored',
    advice: 'Nothing of the import was kept; start it again.',
  })
}

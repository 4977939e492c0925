import type { Database } from 'better-sqlite3'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { HeatproofError } from '../../../shared/errors.ts'
import { plural } from '../../../shared/units.ts'
import { MeasuringThreads } from '../../compute/measuring-threads.ts'
import { inOrder } from '../../in-order.ts'
import type { MeasuredMap } from '../../metrics/measure-map.ts'
import type { MapToMeasure } from '../../metrics/measure-task.ts'
import { findMap, removeImportedMaps } from '../../workspace/imported-maps.ts'
import { float32FromBlob } from '../../workspace/blobs.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../workspace/map-analyses.ts'
import { countMapsOfRun, getMapBytes, getPrediction, insertMaps, type NewMap } from '../../workspace/maps.ts'
import { findModelByHash, insertModel } from '../../workspace/models.ts'
import { finishImportedRun, insertRun, runOfJob, type StoredRun } from '../../workspace/runs.ts'
import {
  ensureSampleSet,
  insertSamples,
  samplesAt,
  listSampleSets,
  type NewSample,
  type StoredSample,
  type StoredSampleSet,
} from '../../workspace/samples.ts'
import { transact } from '../../workspace/statements.ts'
import { sha256 } from '../sha256.ts'
import type { ImportContext, StoredImport } from './import-format.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'

/** Maps that are stored in one transaction, which others wait for. */
const MAPS_AT_ONCE = 200
/** Seed of maps that have none. */
const SEED = 0

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
    if (!context.isClosing()) await removeImportedMaps(database, run.id)
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
  const [conflict] = await conflictsOf(database, maps)
  if (conflict !== undefined) {
    throw new HeatproofError('conflict', {
      found: conflict,
      expected: 'what the workspace has of the same samples',
      advice: 'Import it under another name (--name, --model), or correct the files.',
    })
  }
  return transact(database, () => {
    const { name, model, methods, count, target, tool } = maps
    const set = ensureSampleSet(database, {
      ...{ name, dataset: name, split: 'imported', fold: 1, items: 1, seed: SEED },
      source: { ...maps.source, inputsSha256: maps.inputsSha256 },
    })
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

/** Networks from elsewhere are known by their name alone. */
function modelHash(name: string): string {
  return sha256(JSON.stringify(['external', name]))
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
  const size = Math.max(1, Math.floor(MAPS_AT_ONCE / maps.methods.length))
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

function storedSamples(database: Database, setId: number, samples: readonly NewSample[]): StoredSample[] {
  return samplesAt(database, setId, { first: samples[0]?.position ?? 0, count: samples.length })
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

/** The most conflicts that are listed. */
const LISTED = 20

/** What the workspace says else of the same samples; nothing is stored. */
export async function conflictsOf(database: Database, maps: ImportedMaps): Promise<string[]> {
  const set = listSampleSets(database).find(
    ({ split, dataset }) => split === 'imported' && dataset === maps.name,
  )
  if (set === undefined) return []
  if (set.source.inputsSha256 !== maps.inputsSha256) {
    return [`the sample set '${maps.name}' of this workspace, which has other inputs`]
  }
  const modelId = findModelByHash(database, modelHash(maps.model))?.id
  const conflicts: string[] = []
  for await (const batch of maps.batches(0, MAPS_AT_ONCE)) {
    const stored = storedSamples(database, set.id, batch.samples)
    for (const sample of stored) {
      const index = sample.position - (batch.samples[0]?.position ?? 0)
      conflicts.push(...conflictsOfSample(database, { maps, modelId, batch, index, sample, set }))
      if (conflicts.length >= LISTED) return conflicts
    }
    await setImmediate()
  }
  return conflicts
}

interface Compared {
  maps: ImportedMaps
  modelId: number | undefined
  batch: ImportedBatch
  index: number
  sample: StoredSample
  set: StoredSampleSet
}

function conflictsOfSample(database: Database, { maps, modelId, batch, index, sample }: Compared): string[] {
  const brought = batch.samples[index]
  if (brought === undefined) return []
  const where = `sample ${sample.position}`
  const conflicts: string[] = []
  if (brought.label !== sample.label) {
    conflicts.push(`${where}: label ${brought.label} here, ${sample.label} in the workspace`)
  }
  if (brought.regions.length > 0 && !isDeepStrictEqual(brought.regions, sample.regions)) {
    conflicts.push(`${where}: other regions than in the workspace`)
  }
  if (modelId === undefined) return conflicts
  const known = getPrediction(database, modelId, sample.id)
  const predicted = batch.predictions[index]?.predicted ?? known?.predicted
  if (known !== undefined && known.predicted !== predicted) {
    conflicts.push(
      `${where}: prediction ${predicted ?? ''} here, ${known.predicted} of ${maps.model} in the workspace`,
    )
  }
  for (const [order, method] of maps.methods.entries()) {
    const target = batch.targets[index] ?? 0
    const mapId = findMap(database, { sampleId: sample.id, modelId, method, target, seed: SEED })
    if (mapId === undefined) continue
    const values = float32FromBlob(getMapBytes(database, mapId) ?? new Uint8Array())
    const own = batch.maps[order]?.[index]
    if (values.some((value, pixel) => value !== own?.[pixel])) {
      conflicts.push(`${where}: another map of ${method} than map ${mapId} of the workspace`)
    }
  }
  return conflicts
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all maps to be stored',
    advice: 'Nothing of the import was kept; start it again.',
  })
}

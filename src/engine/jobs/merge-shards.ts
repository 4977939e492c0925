import type { Database } from 'better-sqlite3'
import { basename } from 'node:path'
import type { DatasetName } from '../../shared/names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { Dataset } from '../data/datasets.ts'
import { ensureSamples } from './sample-sets.ts'
import { float32FromBlob, float64FromBlob, toBlob } from '../workspace/blobs.ts'
import { insertMaps, type NewMap } from '../workspace/maps.ts'
import { findModelByHash } from '../workspace/models.ts'
import { pixelScoresFromBlob } from '../workspace/pixel-scores.ts'
import { insertRun, listRuns, MergedRun, setRunShards, updateRun } from '../workspace/runs.ts'
import { listSamples, type StoredSampleSet } from '../workspace/samples.ts'
import { sha256 } from '../exchange/sha256.ts'
import { checkShard, shardEntries, type CheckedShard } from '../exchange/shards/read-shard.ts'
import {
  decodeBytes,
  runKey,
  type ShardEntry,
  type ShardHeader,
  type ShardMap,
} from '../exchange/shards/shard-format.ts'

export interface MergeOptions {
  database: Database
  data: (name: DatasetName) => Dataset
  files: readonly string[]
  /** @param done files that are taken in */
  report?: (done: number, file: string) => void
  /** @throws HeatproofError `cancelled` */
  checkCancelled?: () => void
}

/** What a merge did with one run. */
export interface MergedShards {
  runId: number
  title: string
  /** Maps that came in, and maps that another run had computed before. */
  maps: number
  present: number
  /** Parts that are there now, of how many. */
  shards: number
  of: number
}

/**
 * Takes shard files in, each exactly once, in any order; all of them or none. Every file is read to its end and checked before
 * anything is stored; the sequences are drawn again here, and each input must be the one that the shard explains.
 *
 * @throws HeatproofError `not_found`, `bad_file` (damaged), `bad_argument` (of other models or data), `conflict` (there already)
 */
export async function mergeShards(options: MergeOptions): Promise<MergedShards[]> {
  const { database, files, checkCancelled = () => undefined } = options
  const checked: CheckedShard[] = []
  for (const file of files) {
    checkCancelled()
    checked.push(await checkShard(file))
  }
  const runs = [...Map.groupBy(checked, ({ header }) => runKey(header)).values()]
  for (const shards of runs) requireNew(database, shards)
  const sets: StoredSampleSet[] = []
  for (const [{ header } = missing()] of runs) sets.push(await samplesOf(options, header))
  const merged: MergedShards[] = []
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const [index, shards] of runs.entries())
      merged.push(await mergeRun(options, shards, sets[index] ?? missing()))
    checkCancelled()
    database.exec('COMMIT')
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
  return merged
}

async function samplesOf({ database, data }: MergeOptions, header: ShardHeader): Promise<StoredSampleSet> {
  const { dataset, split, fold, count, seed } = header.request
  const { items } = header
  const set = await ensureSamples(database, data(dataset), { dataset, split, fold, count, seed, items })
  if (JSON.stringify(set.source.files) !== JSON.stringify(header.sources))
    throw foreign('sequences of other source files', `those of ${set.name}`)
  return set
}

/** @throws HeatproofError `bad_argument` (a model that is not here), `conflict` (a part that is there, or given twice) */
function requireNew(database: Database, shards: readonly CheckedShard[]): void {
  const [first = missing()] = shards
  for (const { name, sha256: hash } of first.header.models) {
    if (findModelByHash(database, hash) === undefined)
      throw foreign(`maps of the model ${name} (SHA-256 ${hash})`, 'maps of models of this workspace')
  }
  const there = existingRun(database, first.header)?.request.shards.map(({ shard }) => shard) ?? []
  const taken = new Set(there.map(({ index }) => index))
  const of = there[0]?.of ?? first.header.shard.of
  for (const { path, header } of shards) {
    if (header.shard.of !== of)
      throw conflict(
        `part ${header.shard.index} of ${header.shard.of} in ${basename(path)}`,
        `parts of ${of}, as the others of this run are`,
      )
    if (taken.has(header.shard.index))
      throw conflict(
        `part ${header.shard.index} of ${of} in ${basename(path)}, which was taken in before or is given twice`,
        'each part once',
      )
    taken.add(header.shard.index)
  }
}

interface ExistingRun {
  id: number
  request: MergedRun
}

/** The run that earlier shards of the same run have made. */
function existingRun(database: Database, header: ShardHeader): ExistingRun | undefined {
  const ids = modelIdsOf(database, header)
  const wanted = JSON.stringify([header.request, ids.toSorted((a, b) => a - b)])
  for (const run of listRuns(database)) {
    const merged = MergedRun.safeParse(run.request)
    if (!merged.success) continue
    const { methods, dataset, split, fold, count, seed, target, modelIds } = merged.data
    const own = { methods, dataset, split, fold, count, seed, target }
    if (JSON.stringify([own, modelIds.toSorted((a, b) => a - b)]) === wanted)
      return { id: run.id, request: merged.data }
  }
  return undefined
}

function modelIdsOf(database: Database, { models }: ShardHeader): number[] {
  return models.map((model) => findModelByHash(database, model.sha256)?.id ?? missing())
}

async function mergeRun(
  { database, report, checkCancelled }: MergeOptions,
  shards: readonly CheckedShard[],
  set: StoredSampleSet,
): Promise<MergedShards> {
  const [{ header } = missing()] = shards
  const modelIds = modelIdsOf(database, header)
  const { request, title, versions } = header
  const plan = {
    ...{ sampleSetId: set.id, sampleCount: request.count, modelIds, methods: request.methods },
    ...{ target: request.target, seed: request.seed },
  }
  const merged = existingRun(database, header)?.request ?? { ...request, modelIds, shards: [] }
  const runId =
    existingRun(database, header)?.id ??
    insertRun(database, { title, ...plan, request: merged, versions, jobId: null })
  const samples = new Map(
    listSamples(database, set.id, { limit: request.count }).map(({ id, position, input }) => [
      position,
      { id, hash: sha256(toBlob(input)) },
    ]),
  )
  const counts = { maps: 0, present: 0 }
  for (const [index, shard] of shards.entries()) {
    const ids = modelIdsOf(database, shard.header)
    for await (const entry of shardEntries(shard)) {
      checkCancelled?.()
      const sample = samples.get(entry.position)
      if (sample?.hash !== entry.input)
        throw foreign(
          `another input as sequence ${entry.position} in ${basename(shard.path)}`,
          'the one of this workspace',
        )
      const { inserted } = storeEntry(database, {
        runId,
        modelId: ids[entry.model] ?? missing(),
        sampleId: sample.id,
        entry,
      })
      counts.maps += inserted
      counts.present += entry.maps.length - inserted
    }
    merged.shards.push({ shard: shard.header.shard, sha256: shard.sha256 })
    const { backend, device, seconds } = shard.header
    updateRun(database, runId, { backend, device, seconds, finished: false })
    report?.(index + 1, shard.path)
  }
  const { of } = header.shard
  setRunShards(database, runId, { request: merged, whole: merged.shards.length === of })
  return { runId, title, ...counts, shards: merged.shards.length, of }
}

function storeEntry(
  database: Database,
  wanted: { runId: number; modelId: number; sampleId: number; entry: ShardEntry },
): { inserted: number } {
  const { runId, modelId, sampleId, entry } = wanted
  const logits = float32FromBlob(decodeBytes(entry.logits))
  return insertMaps(database, {
    ...{ runId, modelId, predictions: [{ sampleId, logits, predicted: entry.predicted }] },
    maps: entry.maps.map((map) => decodeMap(map, sampleId)),
  })
}

function decodeMap(map: ShardMap, sampleId: number): NewMap {
  const { checks, shares, sharesPositive, pixelScores, values, ...facts } = map
  return {
    ...facts,
    sampleId,
    ...(checks !== null && { checks }),
    shares: [...float64FromBlob(decodeBytes(shares))],
    sharesPositive: [...float64FromBlob(decodeBytes(sharesPositive))],
    pixelScores: pixelScoresFromBlob(pixelScores === null ? null : decodeBytes(pixelScores)),
    values: float32FromBlob(decodeBytes(values)),
  }
}

function foreign(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_argument', {
    ...{ found, expected },
    advice: 'Merge into the workspace that the shards were computed for. Nothing was taken in.',
  })
}

function conflict(found: string, expected: string): HeatproofError {
  return new HeatproofError('conflict', {
    found,
    expected,
    advice: 'Leave that file out. Nothing was taken in.',
  })
}

function missing(): never {
  throw new Error('a shard without its run')
}

import type { Database } from 'better-sqlite3'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { HeatproofError } from '../../../shared/errors.ts'
import { float32FromBlob } from '../../workspace/blobs.ts'
import { findMap } from '../../workspace/imported-maps.ts'
import { getMapBytes, getPrediction } from '../../workspace/maps.ts'
import { findModelByHash } from '../../workspace/models.ts'
import {
  listSampleSets,
  samplesAt,
  type NewSample,
  type StoredSample,
  type StoredSampleSet,
} from '../../workspace/samples.ts'
import { sha256 } from '../sha256.ts'
import type { ImportedBatch, ImportedMaps } from './imported-maps.ts'
import { samplesAtOnce, SEED } from './imported-set.ts'

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
  for await (const batch of maps.batches(0, await samplesAtOnce(maps))) {
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

/** @throws HeatproofError `conflict`: the workspace says something else of the same samples */
export async function requireNoConflict(database: Database, maps: ImportedMaps): Promise<void> {
  const [conflict] = await conflictsOf(database, maps)
  if (conflict === undefined) return
  throw new HeatproofError('conflict', {
    found: conflict,
    expected: 'what the workspace has of the same samples',
    advice: `Import it under another name (--name${maps.methods.length > 0 ? ', --model' : ''}), or correct the files.`,
  })
}

/** Networks from elsewhere are known by their name alone. */
export function modelHash(name: string): string {
  return sha256(JSON.stringify(['external', name]))
}

/** What the workspace has at the places of these samples of a set, which follow each other. */
export function storedSamples(
  database: Database,
  setId: number,
  samples: readonly NewSample[],
): StoredSample[] {
  return samplesAt(database, setId, { first: samples[0]?.position ?? 0, count: samples.length })
}

import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { RunRequest, Shard } from '../../../shared/contract/runs.ts'
import { toBlob } from '../../workspace/blobs.ts'
import { getMapBytes, getPrediction, listMaps, type StoredMap } from '../../workspace/maps.ts'
import { getModel } from '../../workspace/models.ts'
import { pixelScoresToBlob } from '../../workspace/pixel-scores.ts'
import type { StoredRun } from '../../workspace/runs.ts'
import { getSampleSet, listSamples, type StoredSample } from '../../workspace/samples.ts'
import { mapsOfRunAndSample } from '../../workspace/shards.ts'
import { writeAtomically } from '../atomic-file.ts'
import { sha256 } from '../sha256.ts'
import {
  encodeBytes,
  isInShard,
  SHARD_FORMAT,
  SHARD_VERSION,
  type ShardEntry,
  type ShardHeader,
  type ShardMap,
} from './shard-format.ts'

/** Sequences in memory at once. */
const PAGE = 100

/**
 * Writes what a run of a shard has computed into one file, which appears when it is whole.
 *
 * @throws HeatproofError `cannot_write`; Error when maps of the shard are missing
 */
export async function writeShard(
  database: Database,
  { run, request, shard, file }: { run: StoredRun; request: RunRequest; shard: Shard; file: string },
): Promise<{ maps: number; bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const written = { maps: 0, bytes: 0, entries: 0 }
  await writeAtomically(file, async (output) => {
    const write = async (line: object) => {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
      hash.update(bytes)
      written.bytes += bytes.length
      await output.write(bytes)
    }
    await write(headerOf(database, run, request, shard))
    for (const [model, modelId] of run.modelIds.entries()) {
      for (let offset = 0; offset < run.sampleCount; offset += PAGE) {
        const limit = Math.min(PAGE, run.sampleCount - offset)
        for (const sample of listSamples(database, run.sampleSetId, { offset, limit })) {
          if (!isInShard(sample.position, shard)) continue
          const entry = entryOf(database, run, { model, modelId, sample })
          await write(entry)
          written.entries += 1
          written.maps += entry.maps.length
        }
      }
    }
    await write({ entries: written.entries, sha256: hash.copy().digest('hex') })
  })
  return { maps: written.maps, bytes: written.bytes, sha256: hash.digest('hex') }
}

function headerOf(database: Database, run: StoredRun, request: RunRequest, shard: Shard): ShardHeader {
  const { dataset, split, fold, count, seed, target, methods } = request
  const set = getSampleSet(database, run.sampleSetId)
  if (set === undefined) throw new Error(`run ${run.id} without its sample set`)
  return {
    ...{ format: SHARD_FORMAT, formatVersion: SHARD_VERSION, shard },
    request: { methods, dataset, split, fold, count, seed, target },
    models: run.modelIds.map((id) => {
      const model = getModel(database, id)
      if (model === undefined) throw new Error(`no model ${id}`)
      return { name: model.name, sha256: model.sha256 }
    }),
    ...{ sources: set.source.files, items: set.items, title: run.title, versions: run.versions },
    ...{ backend: run.backend ?? '', device: run.device ?? '', seconds: run.seconds ?? 0 },
  }
}

function entryOf(
  database: Database,
  run: StoredRun,
  { model, modelId, sample }: { model: number; modelId: number; sample: StoredSample },
): ShardEntry {
  const answer = getPrediction(database, modelId, sample.id)
  const targetKind = typeof run.target === 'number' ? 'class' : run.target
  const { methods, seed } = run
  const ids = mapsOfRunAndSample(database, { modelId, sampleId: sample.id, methods, seed, targetKind })
  if (answer === undefined || ids.length !== methods.length)
    throw new Error(`${ids.length} of ${methods.length} maps of sequence ${sample.position}`)
  return {
    ...{ model, position: sample.position, input: sha256(toBlob(sample.input)) },
    ...{ predicted: answer.predicted, logits: encodeBytes(answer.logits) },
    maps: listMaps(database, ids).map((map) => encodeMap(map, getMapBytes(database, map.id))),
  }
}

function encodeMap(map: StoredMap, values: Uint8Array | undefined): ShardMap {
  if (values === undefined) throw new Error(`map ${map.id} without its values`)
  const { method, target, targetKind, seed, logit, started, total, absolute, low, high } = map
  const { conservation, state, checks, shares, sharesPositive, pixelScores } = map
  const scores = pixelScoresToBlob(pixelScores)
  return {
    ...{ method, target, targetKind, seed, logit, started, total, absolute, low, high, conservation, state },
    ...{ checks, shares: encodeBytes(toBlob(Float64Array.from(shares))) },
    sharesPositive: encodeBytes(toBlob(Float64Array.from(sharesPositive))),
    pixelScores: scores === null ? null : encodeBytes(scores),
    values: encodeBytes(values),
  }
}

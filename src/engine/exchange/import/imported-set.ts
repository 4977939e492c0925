import type { Database } from 'better-sqlite3'
import { ensureSampleSet, type StoredSampleSet } from '../../workspace/samples.ts'
import type { ImportedMaps } from './imported-maps.ts'

/** Seed of samples and maps that have none. */
export const SEED = 0

/** Bytes of inputs that are read, and stored in one transaction, at a time. */
const BYTES_AT_ONCE = 2 ** 24
/** Samples of small inputs. */
const MOST_AT_ONCE = 200

/** How many samples may be read at a time: few large ones, as an array is copied several times on its way. */
export async function samplesAtOnce(maps: Pick<ImportedMaps, 'batches'>): Promise<number> {
  for await (const { samples } of maps.batches(0, 1)) {
    const bytes = samples[0]?.input.byteLength ?? BYTES_AT_ONCE
    return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(BYTES_AT_ONCE / bytes)))
  }
  return 1
}

/** The set of imported samples, made when there is none of its name. */
export function ensureImportedSet(
  database: Database,
  { name, source, inputsSha256, count, methods }: ImportedMaps,
): StoredSampleSet {
  return ensureSampleSet(database, {
    ...{ name, dataset: name, split: 'imported', fold: 1, items: 1, seed: SEED },
    source: { ...source, inputsSha256, ...(methods.length === 0 && { images: count }) },
  })
}

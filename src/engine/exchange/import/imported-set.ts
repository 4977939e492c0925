import type { Database } from 'better-sqlite3'
import { ensureSampleSet, type StoredSampleSet } from '../../workspace/samples.ts'
import type { ImportedMaps } from './imported-maps.ts'

/** Seed of samples and maps that have none. */
export const SEED = 0

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

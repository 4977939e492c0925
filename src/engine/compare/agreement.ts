import type { Database } from 'better-sqlite3'
import type { PairAgreement } from '../../shared/contract/compare.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { ComputePool } from '../compute/pool.ts'
import type { AgreeTask } from '../compute/protocol.ts'
import { inParallel } from '../in-parallel.ts'
import { listMapValues, type MapWithValues } from '../workspace/map-values.ts'

/** Pairs that a worker is given at once: a few milliseconds each. */
const BATCH = 8

/**
 * How far the maps of each pair agree, in the order of the pairs. Workers measure; the maps are read batch by batch.
 *
 * @throws HeatproofError `not_found` for an unknown map, `bad_argument` for maps of different samples
 */
export async function measurePairs(
  database: Database,
  pool: ComputePool,
  pairs: readonly { a: number; b: number }[],
): Promise<PairAgreement[]> {
  const starts = Array.from({ length: Math.ceil(pairs.length / BATCH) }, (_, batch) => batch * BATCH)
  const measured = new Map<number, PairAgreement[]>()
  await inParallel(pool.lanes, starts, async (start) => {
    const task = readPairs(database, pairs.slice(start, start + BATCH))
    measured.set(start, await pool.agree(task))
  })
  return starts.flatMap((start) => measured.get(start) ?? [])
}

function readPairs(database: Database, pairs: readonly { a: number; b: number }[]): AgreeTask {
  const ids = pairs.flatMap(({ a, b }) => [a, b])
  const maps = new Map(listMapValues(database, ids).map((map) => [map.mapId, map]))
  return {
    pairs: pairs.map((pair) => {
      const a = maps.get(pair.a) ?? unknownMap(pair.a)
      const b = maps.get(pair.b) ?? unknownMap(pair.b)
      requireOneSample(a, b)
      return { a: a.values, b: b.values, columns: a.columns }
    }),
  }
}

/** @throws HeatproofError `bad_argument` when the maps explain different samples */
export function requireOneSample(
  a: Pick<MapWithValues, 'mapId' | 'sampleId'>,
  b: Pick<MapWithValues, 'mapId' | 'sampleId'>,
): void {
  if (a.sampleId === b.sampleId) return
  throw new HeatproofError('bad_argument', {
    found: `map ${a.mapId} of sample ${a.sampleId} and map ${b.mapId} of sample ${b.sampleId}`,
    expected: 'two maps of one sample',
    advice: 'Compare maps of the same sequence.',
  })
}

function unknownMap(id: number): never {
  throw new HeatproofError('not_found', {
    found: `no map ${id}`,
    expected: 'ids of maps of this workspace',
    advice: 'Choose two methods or two models on the Compare screen.',
  })
}

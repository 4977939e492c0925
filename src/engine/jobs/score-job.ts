import type { Database } from 'better-sqlite3'
import type { ComputePool } from '../compute/pool.ts'
import { scoreWithoutTau } from '../metrics/score.ts'
import { float32FromBlob } from '../workspace/blobs.ts'
import { replaceShares } from '../workspace/map-shares.ts'
import { getMapBytes, listMaps } from '../workspace/maps.ts'
import { getSample } from '../workspace/samples.ts'
import { countMaps, replaceScores } from '../workspace/scores.ts'
import { selectAll, transact } from '../workspace/statements.ts'
import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import type { JobDefinition } from './queue.ts'

/** Maps measured by a worker at a time. */
const PAGE = 500

export interface ScoreDependencies {
  database: Database
  pool: () => Promise<ComputePool>
  onScores: () => void
}

/** Computes the shares and scores of every stored map again from its values. */
export function scoreJob({ database, pool: startPool, onScores }: ScoreDependencies): JobDefinition {
  return {
    unit: 'maps',
    lane: 'all maps',
    async run({ done: before, signal, report }) {
      const pool = await startPool()
      const total = countMaps(database)
      for (let done = before; done < total;) {
        if (signal.aborted) throw cancelled()
        const ids = pageOfMaps(database, done)
        await scorePage(database, pool, ids)
        done += ids.length
        report({ done, total, detail: 'scoring maps' })
      }
      onScores()
    },
  }
}

async function scorePage(database: Database, pool: ComputePool, ids: readonly number[]): Promise<void> {
  const maps = listMaps(database, ids).map((map) => {
    const sample = getSample(database, map.sampleId)
    const values = getMapBytes(database, map.id)
    if (sample === undefined || values === undefined) throw new Error(`map ${map.id} is incomplete`)
    const { rows, columns, regions, input } = sample
    return { id: map.id, values: float32FromBlob(values), input, rows, columns, regions }
  })
  const measured = await pool.measure({ maps })
  const scored = maps.flatMap(({ id, regions }, index) => {
    const shares = measured[index]
    if (shares === undefined) return []
    const marks = regions.map(({ mark }) => mark)
    return [{ mapId: id, shares, scores: scoreWithoutTau(shares, marks) }]
  })
  transact(database, () => {
    for (const { mapId, shares } of scored) replaceShares(database, mapId, shares)
    replaceScores(database, scored)
  })
}

function pageOfMaps(database: Database, offset: number): number[] {
  return selectAll(
    database,
    z.object({ id: z.int() }),
    'SELECT id FROM maps ORDER BY id LIMIT @limit OFFSET @offset',
    { limit: PAGE, offset },
  ).map(({ id }) => id)
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all maps to be scored',
    advice: 'Resume the job to go on.',
  })
}

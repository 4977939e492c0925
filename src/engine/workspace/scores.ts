import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Metric } from '../../shared/contract/common.ts'
import { SCORE_STATES } from '../../shared/names.ts'
import type { MetricScore } from '../metrics/score.ts'
import { prepared, selectAll, selectNumber, transact } from './statements.ts'
import { getSetting, setSetting } from './settings.ts'

export function insertScores(database: Database, mapId: number, scores: readonly MetricScore[]): void {
  const statement = prepared(
    database,
    'INSERT INTO scores (map_id, metric, value, state) VALUES (@mapId, @metric, @value, @state)',
  )
  for (const { metric, value, state } of scores) statement.run({ mapId, metric, value, state })
}

const ScoreRow = z.object({ metric: Metric, value: z.number().nullable(), state: z.enum(SCORE_STATES) })

export function scoresOf(database: Database, mapId: number): MetricScore[] {
  return selectAll(database, ScoreRow, 'SELECT metric, value, state FROM scores WHERE map_id = @mapId', {
    mapId,
  })
}

const REVISION = 'scores_revision'

/** Grows whenever stored scores are replaced; new maps do not change it. */
export function scoresRevision(database: Database): number {
  return getSetting(database, REVISION, z.int()) ?? 0
}

/** Replaces stored scores, all or none. */
export function replaceScores(
  database: Database,
  scored: Iterable<{ mapId: number; scores: readonly MetricScore[] }>,
): { maps: number } {
  return transact(database, () => {
    const statement = prepared(
      database,
      `INSERT INTO scores (map_id, metric, value, state) VALUES (@mapId, @metric, @value, @state)
       ON CONFLICT (map_id, metric) DO UPDATE SET value = excluded.value, state = excluded.state`,
    )
    let maps = 0
    for (const { mapId, scores } of scored) {
      for (const { metric, value, state } of scores) statement.run({ mapId, metric, value, state })
      maps += 1
    }
    setSetting(database, REVISION, scoresRevision(database) + 1)
    return { maps }
  })
}

export function countMaps(database: Database): number {
  return selectNumber(database, 'SELECT count(*) FROM maps')
}

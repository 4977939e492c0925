import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Metric } from '../../shared/contract/common.ts'
import { METRICS, SCORE_STATES } from '../../shared/names.ts'
import {
  hasTau,
  isPixelMetric,
  METRICS_WITHOUT_TAU,
  scoreMetric,
  type MetricScore,
} from '../metrics/score.ts'
import { marksOf, type MapShares } from './map-shares.ts'
import { prepared, selectAll, selectNumber, transact, type Parameters } from './statements.ts'
import { getSetting, setSetting } from './settings.ts'

/*
 * Scores that depend on tau are not stored: they follow from the stored shares and the active calibration when they are
 * read, so that activating a calibration writes one row, however many maps there are.
 */

/** One statement for all scores of a map: a statement each would take half of the time that storing maps takes. */
const INSERT_SCORES = `
  INSERT INTO scores (map_id, metric, value, state)
  VALUES ${METRICS_WITHOUT_TAU.map((metric) => `(@mapId, '${metric}', @${metric}, @${metric}_state)`).join(', ')}`

/** Stores a new map's score of every metric without tau. */
export function insertScores(database: Database, mapId: number, scores: readonly MetricScore[]): void {
  const parameters: Parameters = { mapId }
  for (const { metric, value, state } of scores) {
    parameters[metric] = value
    parameters[`${metric}_state`] = state
  }
  prepared(database, INSERT_SCORES).run(parameters)
}

const ScoreRow = z.object({ metric: Metric, value: z.number().nullable(), state: z.enum(SCORE_STATES) })

/** All scores of a map under a tau, in the order of `METRICS`: as they are stored, or from the map where tau counts or pixels. */
export function scoresOf(database: Database, map: MapShares, tau: number): MetricScore[] {
  const stored = selectAll(
    database,
    ScoreRow,
    'SELECT metric, value, state FROM scores WHERE map_id = @mapId',
    { mapId: map.id },
  )
  const marks = marksOf(database, map.sampleId)
  return METRICS.flatMap((metric) =>
    hasTau(metric) || isPixelMetric(metric)
      ? scoreMetric(metric, map, marks, tau)
      : stored.filter((score) => score.metric === metric),
  )
}

const REVISION = 'scores_revision'

/** Grows whenever stored scores are replaced; new maps do not change it. */
export function scoresRevision(database: Database): number {
  return getSetting(database, REVISION, z.int()) ?? 0
}

/** Replaces stored scores, all or none. (A statement for several rows is many times slower here: SQLite journals each.) */
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

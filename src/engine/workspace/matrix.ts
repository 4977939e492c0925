import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import { MatrixCell } from '../../shared/contract/runs.ts'
import type { MetricName } from '../../shared/names.ts'
import { selectAll } from './statements.ts'

/** For each model and method that has maps: how many, the mean of the metric over its defined values, and verdicts. */
export function matrixCells(database: Database, metric: MetricName): z.infer<typeof MatrixCell>[] {
  return selectAll(
    database,
    MatrixCell,
    `SELECT maps.model_id AS modelId, maps.method AS method, count(*) AS maps, avg(scores.value) AS mean,
       coalesce(sum(scores.state = 'out_of_range'), 0) AS outOfRange,
       coalesce(sum(scores.value IS NULL), 0) AS "undefined",
       (SELECT count(DISTINCT map_id) FROM latest_verdicts JOIN maps AS judged ON judged.id = map_id
        WHERE judged.model_id = maps.model_id AND judged.method = maps.method) AS reviewed,
       (SELECT count(DISTINCT map_id) FROM latest_verdicts JOIN maps AS judged ON judged.id = map_id
        WHERE judged.model_id = maps.model_id AND judged.method = maps.method AND verdict = 'fail') AS flagged
     FROM maps LEFT JOIN scores ON scores.map_id = maps.id AND scores.metric = @metric
     GROUP BY maps.model_id, maps.method
     ORDER BY maps.model_id, maps.method`,
    { metric },
  )
}

import type { Database } from 'better-sqlite3'
import type { MapFilter } from '../../../src/shared/contract/common.ts'
import { PIXEL_METRICS } from '../../../src/shared/names.ts'

/** Makes the table `all_scores` of every map, capped percentages at a tau among them, by SQL. */
export function scoreBySql(database: Database, tau: number): void {
  database.function('share_at', { deterministic: true }, (shares, item) =>
    (shares as Buffer).readDoubleLE(8 * (item as number)),
  )
  const capped = (metric: string, column: string) => `
    SELECT maps.id, '${metric}', sum(mark * min(share_at(${column}, position), ${tau}))
    FROM maps JOIN regions ON regions.sample_id = maps.sample_id GROUP BY maps.id`
  const byPixel = PIXEL_METRICS.map(
    (metric, place) =>
      `UNION ALL SELECT id, '${metric}', share_at(pixel_scores, ${place}) FROM maps WHERE pixel_scores IS NOT NULL`,
  )
  database.exec(`
    CREATE TEMP TABLE all_scores AS SELECT map_id, metric, value FROM scores
    UNION ALL ${capped('capped_percentage', 'shares')}
    UNION ALL ${capped('capped_percentage_positive', 'shares_positive')} ${byPixel.join('\n')};
    CREATE INDEX all_scores_by_map ON all_scores (map_id, metric)`)
}

/** The ids that match a filter, by SQL: a second, independent reading of what a filter means. */
export function matchingBySql(database: Database, filter: MapFilter): number[] {
  const parameters: (string | number)[] = []
  const list = (values: readonly (string | number)[]) => {
    parameters.push(...values)
    return `(${values.map(() => '?').join(', ')})`
  }
  const conditions = ['1']
  const among = (expression: string, values: readonly (string | number)[] | undefined) => {
    if (values !== undefined) conditions.push(`${expression} IN ${list(values)}`)
  }
  among('sample_sets.dataset', filter.dataset)
  among('sample_sets.id', filter.sampleSet)
  among("models.architecture || iif(models.stationary_dropout, '-SD', '')", filter.architecture)
  among('models.id', filter.model)
  among('maps.method', filter.method)
  among('models.fold', filter.fold)
  among('samples.label', filter.label)
  among(
    '(predictions.predicted = samples.label)',
    filter.correct === undefined ? undefined : [Number(filter.correct)],
  )
  among(
    "CASE maps.target WHEN samples.label THEN 'label' WHEN predictions.predicted THEN 'predicted' ELSE 'other' END",
    filter.explained,
  )
  among('maps.target', filter.target)
  among('maps.state', filter.mapState)
  among('samples.id', filter.sample === undefined ? undefined : [filter.sample])
  for (const { metric, low, high } of filter.ranges ?? []) {
    conditions.push(
      'EXISTS (SELECT 1 FROM all_scores WHERE map_id = maps.id AND metric = ? AND value BETWEEN ? AND ?)',
    )
    parameters.push(metric, low, high)
  }
  const { verdict, mode, reviewer } = filter
  if (verdict !== undefined || mode !== undefined || reviewer !== undefined) {
    const by = () => (reviewer === undefined ? '' : ` AND latest.reviewer IN ${list(reviewer)}`)
    const latest = `SELECT 1 FROM latest_verdicts AS latest WHERE latest.map_id = maps.id`
    let wanted = `EXISTS (${latest}${by()}`
    if (verdict !== undefined) wanted += ` AND latest.verdict IN ${list(verdict)}`
    if (mode !== undefined) {
      wanted += ` AND EXISTS (SELECT 1 FROM json_each(latest.modes_json) AS modes WHERE modes.value IN ${list(mode)})`
    }
    wanted += ')'
    if (verdict?.includes('none') === true && mode === undefined)
      wanted += ` OR NOT EXISTS (${latest}${by()})`
    conditions.push(`(${wanted})`)
  }
  const statement = database.prepare(
    `SELECT maps.id FROM maps
     JOIN samples ON samples.id = maps.sample_id
     JOIN sample_sets ON sample_sets.id = samples.sample_set_id
     JOIN models ON models.id = maps.model_id
     JOIN predictions ON predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id
     WHERE ${conditions.join(' AND ')} ORDER BY maps.id`,
  )
  return statement.pluck().all(...parameters) as number[]
}

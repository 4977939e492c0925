import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { METRICS } from '../../../src/shared/names.ts'
import { matrixCells } from '../../../src/engine/review/matrix.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { scoreBySql } from './filter-by-sql.ts'

const { database, maps, review } = makeWorkspace(join(temporaryFolder(), 'matrix.heatproof'), {
  samples: 30,
  rows: 4,
  columns: 12,
  methods: ['sa', 'lrp_a2b1'],
})

const BY_SQL = `
  SELECT maps.model_id AS modelId, maps.method AS method, count(*) AS maps, avg(value) AS mean,
    sum(coalesce(value < -1e-12 OR value > 1 + 1e-12, 0)) AS outOfRange, sum(value IS NULL) AS "undefined",
    sum(EXISTS (SELECT 1 FROM latest_verdicts WHERE map_id = maps.id)) AS reviewed,
    sum(EXISTS (SELECT 1 FROM latest_verdicts WHERE map_id = maps.id AND verdict = 'fail')) AS flagged,
    0 AS otherClass
  FROM maps LEFT JOIN all_scores ON all_scores.map_id = maps.id AND metric = ?
  WHERE maps.target_kind = 'label' GROUP BY maps.model_id, maps.method ORDER BY maps.model_id, maps.method`

describe('the matrix of models and methods', () => {
  test('counts and averages as SQL does, for every metric', async () => {
    await review['review.decide'](decision('Ada', [1, 2, 3, 50], 'fail'))
    await review['review.decide'](decision('Bob', [2, 3, 4], 'accept'))
    await review['review.decide'](decision('Ada', [3], 'unsure'))
    await review['review.decide'](decision('Ada', [90], 'fail'))
    await review['review.undo']({ reviewer: 'Ada' })
    database.exec("UPDATE scores SET value = NULL WHERE metric = 'dominance' AND map_id % 7 = 0")
    scoreBySql(database, 0.8)
    for (const metric of METRICS) {
      const expected = database.prepare(BY_SQL).all(metric) as ReturnType<typeof matrixCells>
      const cells = matrixCells(maps.current(), metric)
      expect(cells).toEqual(
        expected.map((cell) => ({ ...cell, mean: expect.closeTo(cell.mean ?? NaN, 12) as number })),
      )
    }
    const cells = matrixCells(maps.current(), 'percentage')
    expect(cells.some(({ outOfRange }) => outOfRange > 0)).toBe(true)
    expect(cells.reduce((sum, { reviewed }) => sum + reviewed, 0)).toBe(5)
    expect(cells.reduce((sum, { flagged }) => sum + flagged, 0)).toBe(3)
  })

  test('counts maps of another class apart, and nothing else follows them', async () => {
    const before = matrixCells(maps.current(), 'percentage')
    const [first] = before
    const ids = database
      .prepare('SELECT id FROM maps WHERE model_id = ? AND method = ? LIMIT 7')
      .pluck()
      .all(first?.modelId, first?.method)
    const added = addOtherClassMaps(database, ids.map(Number))
    await review['review.decide'](decision('Ada', added, 'fail'))
    expect(matrixCells(maps.current(), 'percentage')).toEqual([
      { ...first, otherClass: 7 },
      ...before.slice(1),
    ])
  })
})

import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { analysedMaps, requireAnalysis, sourcesOf } from '../../../src/engine/groups/analyses.ts'
import {
  ensureMapAnalyses,
  insertMapAnalysisRows,
  listMapAnalyses,
  removeMapAnalyses,
} from '../../../src/engine/workspace/map-analyses.ts'
import { insertQueue } from '../../../src/engine/workspace/queues.ts'
import { selectNumber } from '../../../src/engine/workspace/statements.ts'
import { insertVerdictGroup } from '../../../src/engine/workspace/verdict-groups.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
/** More than are read, counted or deleted at once. */
const MAPS = 4100
const mapIds = Array.from({ length: MAPS }, (_, index) => index + 1)
const NEVER = new AbortController().signal

let database: ReturnType<typeof makeWorkspace>['database']
let clustering = 0

beforeAll(() => {
  const shape = { samples: MAPS / 2, rows: 2, columns: 6, methods: ['sa'] }
  database = makeWorkspace(join(folder, 'many.heatproof'), shape).database
  database.exec('UPDATE runs SET finished_at = created_at')
  const kinds = ['clustering', 'embedding'] as const
  const ids = ensureMapAnalyses(
    database,
    1,
    kinds.map((kind) => ({ kind, name: 'all', dimensions: 1 })),
  )
  const [first = 0, second = 0] = ids
  clustering = first
  insertMapAnalysisRows(
    database,
    mapIds.flatMap((mapId) => [
      { analysisId: first, mapId, cluster: String(mapId % 7) },
      { analysisId: second, mapId, place: Float32Array.of(mapId) },
    ]),
  )
})

test('analyses of many maps are counted and read to the end', async () => {
  expect((await sourcesOf(database, mapIds)).map(({ maps }) => maps)).toEqual([MAPS, MAPS])
  const analysed = await analysedMaps(database, requireAnalysis(database, clustering), mapIds, NEVER)
  const clusters = mapIds.map((mapId): [number, string] => [mapId, String(mapId % 7)])
  expect(analysed).toEqual({ kind: 'clustering', clusters: new Map(clusters) })
})

test('those of a run go to the last row, but for what formed a group with a verdict', async () => {
  const queueId = insertQueue(database, {
    ...{ request: QueueRequest.parse({ filter: {}, order: 'worst_first' }), matching: 1 },
    ...{ mapIds: Uint32Array.of(1), origins: new Uint8Array(1), probabilities: Float64Array.of(1) },
  })
  insertVerdictGroup(database, {
    ...{ queueId, analysisId: clustering, groups: 7, seed: 1, index: 0, size: 1, featuresVersion: 1 },
    ...{ lookedAt: [1], leftOut: [] },
  })
  await removeMapAnalyses(database, 1)
  expect(listMapAnalyses(database).map(({ id }) => id)).toEqual([clustering])
  expect(selectNumber(database, 'SELECT count(*) FROM map_analysis_rows')).toBe(MAPS)
})

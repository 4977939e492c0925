import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { decideGroup } from '../../../src/engine/groups/decide-group.ts'
import { Groupings } from '../../../src/engine/groups/groupings.ts'
import {
  ensureMapAnalyses,
  insertMapAnalysisRows,
  removeMapAnalyses,
} from '../../../src/engine/workspace/map-analyses.ts'
import { deleteMapsOfRun, markRemoved } from '../../../src/engine/workspace/run-removal.ts'
import { selectNumber } from '../../../src/engine/workspace/statements.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { GroupVerdictInput } from '../../../src/shared/contract/groups.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const SIZE = { rows: 2, columns: 6, architectures: [{ architecture: 'deep' as const }] }
const QUEUE = QueueRequest.parse({ filter: {}, order: 'worst_first', size: 0 })

/** Run 1: sa and dtd of so many samples with a clustering of all of its maps; run 2 needs its maps of sa. */
async function twoRuns(name: string, samples: number) {
  const world = makeWorkspace(join(folder, name), { ...SIZE, samples, methods: ['sa', 'dtd'] })
  const { database } = world
  fillWorkspace(world.workspace, { ...SIZE, samples, methods: ['sa'] })
  database.exec('UPDATE runs SET finished_at = created_at')
  const [analysisId = 0] = ensureMapAnalyses(database, 1, [
    { kind: 'clustering', name: 'by number', dimensions: 1 },
  ])
  const mapIds = Array.from({ length: 2 * samples }, (_, index) => index + 1)
  insertMapAnalysisRows(
    database,
    mapIds.map((mapId) => ({ analysisId, mapId, cluster: String(mapId % 3) })),
  )
  const queue = await world.review['review.createQueue'](QUEUE)
  return { ...world, analysisId, queueId: queue.id, mapIds }
}

const groupsOf = (queueId: number, analysisId: number | null) => ({ queueId, analysisId, groups: 3, seed: 1 })

/** A verdict on the first group, of which a map was looked at. */
const verdictOn = (grouping: ReturnType<typeof groupsOf>, maps: number, mapId = 0) =>
  GroupVerdictInput.parse({
    ...{ ...grouping, maps, index: 0, reviewer: 'Ada', verdict: 'accept', lookedAt: [mapId], leftOut: [] },
  })

describe('a verdict on a group while the run of its maps is deleted', () => {
  const template = join(folder, 'template.heatproof')
  let analysisId = 0
  let queueId = 0

  beforeAll(async () => {
    const world = await twoRuns('template.heatproof', 150)
    analysisId = world.analysisId
    queueId = world.queueId
    world.workspace.close()
  })

  test.each(['our features', 'the clustering'].flatMap((by) => [0, 1, 3, 8].map((turns) => ({ by, turns }))))(
    'by $by, $turns turns later, is whole or refused, and the run goes',
    async ({ by, turns }) => {
      const file = join(folder, `${by === 'our features' ? 'own' : 'clusters'}-${turns}.heatproof`)
      copyFileSync(template, file)
      const engine = openEngine({ workspacePath: file, folders: [folder] })
      const asked = { ...groupsOf(queueId, by === 'our features' ? null : analysisId), reviewer: 'Ada' }
      const { groups, maps } = await engine.handlers['groups.form'](asked)
      const [looked] = await engine.handlers['groups.items']({ ...asked, index: 0, offset: 0, limit: 1 })
      const input = verdictOn(asked, maps, looked?.mapId)
      const { jobId } = await engine.handlers['runs.remove']({ id: 1 })
      for (let turn = 0; turn < turns; turn += 1) await setImmediate()
      const said = await Promise.resolve(engine.handlers['groups.decide'](input)).then(
        (rows) => rows.length,
        (error: unknown) => (error instanceof Error ? error.message : ''),
      )
      const job = await engine.waitFor(jobId)
      await engine.close()
      const database = new Sqlite(file, { readonly: true })
      const count = (sql: string) => database.prepare(sql).pluck().get()
      const stored = typeof said === 'number' ? said : 0
      if (typeof said === 'string') expect(said).toMatch(/were deleted|no clustering or embedding/)
      else expect(said).toBe(groups[0]?.size)
      expect(job).toMatchObject({ status: 'done', error: null })
      expect(count('SELECT count(*) FROM verdicts')).toBe(stored)
      expect(count('SELECT count(*) FROM verdict_groups')).toBe(stored === 0 ? 0 : 1)
      expect(count('SELECT count(*) FROM pragma_foreign_key_check')).toBe(0)
      database.close()
    },
  )
})

test('a verdict on a group of which maps are gone already is refused as a whole', async () => {
  const { database, maps, queueId, mapIds } = await twoRuns('gone.heatproof', 20)
  const asked = groupsOf(queueId, null)
  const grouping = await new Groupings(database).get(asked)
  const input = verdictOn(asked, grouping.maps, grouping.groups[0]?.mapIds[0])
  markRemoved(database, 1)
  const gone = new Set(deleteMapsOfRun(database, 1, mapIds))
  maps.drop((mapId) => gone.has(mapId))
  expect(() => decideGroup(database, maps.current(), grouping, input)).toThrow(
    'groups of 20 maps; expected the groups of 40 maps that were shown. Maps have come in or were deleted meanwhile.',
  )
  expect(selectNumber(database, 'SELECT count(*) FROM verdicts')).toBe(0)
})

test('a verdict on a cluster does not come between the rows of its clustering as they are deleted', async () => {
  const { database, maps, queueId, analysisId } = await twoRuns('between.heatproof', 1100)
  const asked = groupsOf(queueId, analysisId)
  const grouping = await new Groupings(database).get(asked)
  const input = verdictOn(asked, grouping.maps, grouping.groups[0]?.mapIds[0])
  markRemoved(database, 1)
  const removing = removeMapAnalyses(database, 1)
  expect(selectNumber(database, 'SELECT count(*) FROM map_analysis_rows')).toBe(200)
  expect(() => decideGroup(database, maps.current(), grouping, input)).toThrow(
    `no clustering or embedding ${analysisId}`,
  )
  await removing
  expect(selectNumber(database, 'SELECT count(*) FROM map_analyses')).toBe(0)
  expect(selectNumber(database, 'SELECT count(*) FROM verdict_groups')).toBe(0)
})

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { groupHandlers } from '../../../src/engine/api/groups.ts'
import { requireAnalysis } from '../../../src/engine/groups/analyses.ts'
import { Groupings } from '../../../src/engine/groups/groupings.ts'
import { placedMaps } from '../../../src/engine/groups/placed-maps.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../../src/engine/workspace/map-analyses.ts'
import { insertQueue } from '../../../src/engine/workspace/queues.ts'
import { markRemoved } from '../../../src/engine/workspace/run-removal.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import type { Caller } from '../../../src/shared/contract/reviewers.ts'
import { exporterOf, requestFor } from '../exports/audited-workspace.ts'
import { readTable } from '../exports/read-table.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { columnsOf } from '../../support/versions/tables.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const ADA = { reviewer: 'Ada' }
const RULE = { groups: 3, seed: 1 }
const VERDICT = { requestId: null, verdict: 'accept' as const, modes: [], note: '', blind: false }
let made = 0

/** 120 maps: the first 100 in clusters by their last digit, the first 90 at three far places. */
async function makeOne(request: Partial<QueueRequest> = {}, samples = 30) {
  const world = makeWorkspace(join(folder, `analyses-${(made += 1)}.heatproof`), {
    ...{ samples, rows: 4, columns: 12, methods: ['sa', 'dtd'] },
  })
  const { database, maps, review } = world
  database.exec('UPDATE runs SET finished_at = created_at')
  const [clustering = 0, embedding = 0] = ensureMapAnalyses(database, 1, [
    { kind: 'clustering', name: 'Spectral · kmeans-10', dimensions: 1 },
    { kind: 'embedding', name: 'Spectral · tsne', dimensions: 2 },
  ])
  const ids = Array.from({ length: 120 }, (_, index) => index + 1)
  insertMapAnalysisRows(database, [
    ...ids.slice(0, 100).map((mapId) => ({ analysisId: clustering, mapId, cluster: String(mapId % 10) })),
    ...ids.slice(0, 90).map((mapId) => ({
      ...{ analysisId: embedding, mapId },
      place: Float32Array.of(100 * (mapId % 3), mapId / 1000),
    })),
  ])
  const groups = groupHandlers({ database, maps, groupings: new Groupings(database), emit: () => undefined })
  const queue = await review['review.createQueue'](
    QueueRequest.parse({ filter: {}, order: 'worst_first', size: 0, ...request }),
  )
  const asked = (analysisId: number | null) => ({ ...RULE, queueId: queue.id, analysisId })
  const membersOf = async (analysisId: number | null, index: number) => {
    const items = await groups['groups.items']({
      ...{ ...asked(analysisId), ...ADA, index, offset: 0, limit: 200 },
    })
    return items.map(({ mapId }) => mapId).toSorted((a, b) => a - b)
  }
  return { ...world, groups, clustering, embedding, asked, membersOf, queueId: queue.id }
}

describe('groups by what came in with the maps', () => {
  test('are offered for queues whose maps it speaks of, with how many', async () => {
    const world = await makeOne()
    expect(await world.groups['groups.sources']({ queueId: world.queueId })).toEqual([
      { id: world.clustering, kind: 'clustering', name: 'Spectral · kmeans-10', dimensions: 1, maps: 100 },
      { id: world.embedding, kind: 'embedding', name: 'Spectral · tsne', dimensions: 2, maps: 90 },
    ])
    const queueId = insertQueue(world.database, {
      ...{ request: QueueRequest.parse({ filter: {}, order: 'worst_first' }), matching: 120 },
      ...{ mapIds: Uint32Array.of(119, 120), origins: new Uint8Array(2) },
      probabilities: Float64Array.of(1, 1),
    })
    expect(await world.groups['groups.sources']({ queueId })).toEqual([])
    await expect(world.groups['groups.sources']({ queueId: 99 })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('of two runs under one name say which is which, and are those of whole runs that are there', async () => {
    const world = await makeOne()
    const columns = columnsOf(world.database, 'runs').filter((name) => name !== 'id')
    world.database.exec(
      `INSERT INTO runs (${columns.join()}) SELECT ${columns.join()} FROM runs WHERE id = 1`,
    )
    const [analysisId = 0] = ensureMapAnalyses(world.database, 2, [
      { kind: 'clustering', name: 'Spectral · kmeans-10', dimensions: 1 },
    ])
    insertMapAnalysisRows(world.database, [{ analysisId, mapId: 1, cluster: 'a' }])
    const names = async () =>
      (await world.groups['groups.sources']({ queueId: world.queueId })).map(({ name }) => name)
    expect(await names()).toEqual([
      'Spectral · kmeans-10 (run 1)',
      'Spectral · tsne',
      'Spectral · kmeans-10 (run 2)',
    ])
    const others = ['Spectral · kmeans-10', 'Spectral · tsne']
    world.database.exec('UPDATE runs SET finished_at = NULL WHERE id = 2')
    expect(await names()).toEqual(others)
    world.database.exec('UPDATE runs SET finished_at = created_at')
    markRemoved(world.database, 2)
    expect(await names()).toEqual(others)
    const gone = world.groups['groups.form']({ ...world.asked(analysisId), ...ADA })
    await expect(gone).rejects.toMatchObject({ code: 'not_found' })
  })

  test('of a clustering and an embedding under one name are told apart by their kinds', async () => {
    const world = await makeOne()
    const [analysisId = 0] = ensureMapAnalyses(world.database, 1, [
      { kind: 'embedding', name: 'Spectral · kmeans-10', dimensions: 1 },
    ])
    insertMapAnalysisRows(world.database, [{ analysisId, mapId: 1, place: Float32Array.of(1) }])
    const sources = await world.groups['groups.sources']({ queueId: world.queueId })
    expect(sources.map(({ kind, name }) => [kind, name])).toEqual([
      ['clustering', 'Spectral · kmeans-10'],
      ['embedding', 'Spectral · tsne'],
      ['embedding', 'Spectral · kmeans-10'],
    ])
  })

  test('of one queue are formed anew for another analysis', async () => {
    const world = await makeOne()
    const maps = []
    for (const analysisId of [world.clustering, world.embedding, null])
      maps.push((await world.groups['groups.form']({ ...world.asked(analysisId), ...ADA })).maps)
    expect(maps).toEqual([100, 90, 120])
  })

  test('of a clustering are its clusters by name, and maps without one are in none', async () => {
    const world = await makeOne()
    const formed = await world.groups['groups.form']({ ...world.asked(world.clustering), ...ADA })
    expect(formed).toMatchObject({ asked: 10, maps: 100, without: 20, tests: 0 })
    for (const [index, { name, size, averaged }] of formed.groups.entries()) {
      const members = await world.membersOf(world.clustering, index)
      expect([size, averaged]).toEqual([10, 10])
      expect(members.map((mapId) => String(mapId % 10))).toEqual(members.map(() => name))
    }
  })

  test('in an embedding are those that lie together there', async () => {
    const world = await makeOne()
    const formed = await world.groups['groups.form']({ ...world.asked(world.embedding), ...ADA })
    expect(formed).toMatchObject({ asked: 3, maps: 90, fitted: 90, without: 30 })
    expect(formed.groups.map(({ name, size }) => [name, size])).toEqual([0, 1, 2].map(() => [null, 30]))
    for (const index of [0, 1, 2]) {
      const members = await world.membersOf(world.embedding, index)
      expect(new Set(members.map((mapId) => mapId % 3)).size).toBe(1)
    }
  })

  test('have places in an embedding, also those of a clustering', async () => {
    const world = await makeOne()
    const { clustering, embedding } = world
    const { placed, points } = await world.groups['groups.places']({
      ...{ ...world.asked(clustering), embeddingId: embedding },
    })
    const { groups } = await world.groups['groups.form']({ ...world.asked(clustering), ...ADA })
    expect(placed).toBe(90)
    const drawn = points.map(({ x, y, group }) => [x, Math.round(1000 * y), groups[group]?.name])
    const expected = Array.from({ length: 90 }, (_, index) => index + 1).map((mapId) => [
      ...[100 * (mapId % 3), mapId, String(mapId % 10)],
    ])
    const inOrder = (rows: unknown[][]) => rows.toSorted((a, b) => Number(a[1]) - Number(b[1]))
    expect(inOrder(drawn)).toEqual(inOrder(expected))
    await expect(
      world.groups['groups.places']({ ...world.asked(embedding), embeddingId: clustering }),
    ).rejects.toMatchObject({ code: 'bad_argument' })
  })

  test('of more than 5,000 maps have so many places, drawn at random', async () => {
    const { database, embedding } = await makeOne()
    database.pragma('foreign_keys = OFF')
    const mapIds = Array.from({ length: 5200 }, (_, index) => 1000 + index)
    insertMapAnalysisRows(
      database,
      mapIds.map((mapId) => ({ analysisId: embedding, mapId, place: Float32Array.of(mapId, 1) })),
    )
    const group = {
      name: null,
      mapIds,
      meanMap: new Float32Array(),
      columns: 0,
      averaged: 0,
      majority: [],
      odd: [],
    }
    const drawn = await placedMaps(database, { groups: [group] }, requireAnalysis(database, embedding), 3)
    expect(drawn.placed).toBe(5200)
    expect(new Set(drawn.points.map(({ x }) => x)).size).toBe(5000)
    expect(drawn.points.filter(({ x }) => x >= 6000).length).toBeGreaterThan(150)
  })

  test('keep with a verdict by what they were formed, in the history, the log and exports', async () => {
    const world = await makeOne()
    const lookedAt = await world.membersOf(world.clustering, 2)
    const rows = await world.groups['groups.decide']({
      ...{ ...world.asked(world.clustering), ...ADA, ...VERDICT, maps: 100, index: 2, lookedAt, leftOut: [] },
    })
    expect(rows.map(({ mapId }) => mapId).toSorted((a, b) => a - b)).toEqual(lookedAt)
    const { history } = await world.review['review.item']({ mapId: lookedAt[0] ?? 0 })
    expect(history[0]?.group).toMatchObject({ groups: 10, size: 10, similarBy: 'Spectral · kmeans-10' })
    expect(verifyAuditLog(world.database).faults).toEqual([])
    const exporter = exporterOf(world.workspace, [folder])
    const { path } = await exporter.run(requestFor(folder, { name: 'by-clusters', images: false }))
    expect(readTable(join(path, 'verdicts.csv')).map((row) => row['group_similar_by'])).toEqual(
      lookedAt.map(() => 'Spectral · kmeans-10'),
    )
    await exporter.close()
  })

  test('are refused where they are too many to be shown', async () => {
    const world = await makeOne({}, 76)
    const [analysisId = 0] = ensureMapAnalyses(world.database, 1, [
      { kind: 'clustering', name: 'each', dimensions: 1 },
    ])
    insertMapAnalysisRows(
      world.database,
      Array.from({ length: 304 }, (_, index) => ({ analysisId, mapId: index + 1, cluster: String(index) })),
    )
    await expect(world.groups['groups.form']({ ...world.asked(analysisId), ...ADA })).rejects.toThrow(
      '304 clusters of each in this queue; expected up to 300',
    )
  })

  test('are kept from reviewers of whom a blind queue hides the maps', async () => {
    const world = await makeOne({ blind: true })
    const bob: Caller = { standing: 'reviewer', name: 'Bob' }
    expect(await world.groups['groups.sources']({ queueId: world.queueId }, bob)).toEqual([])
    const request = { ...world.asked(world.clustering), reviewer: 'Bob' }
    const refused = { code: 'forbidden' }
    await expect(world.groups['groups.form'](request, bob)).rejects.toMatchObject(refused)
    const one = { ...request, index: 0 }
    await expect(world.groups['groups.items']({ ...one, offset: 0, limit: 9 }, bob)).rejects.toMatchObject(
      refused,
    )
    await expect(
      world.groups['groups.decide']({ ...one, ...VERDICT, maps: 100, lookedAt: [10], leftOut: [] }, bob),
    ).rejects.toMatchObject(refused)
    const places = { ...request, analysisId: null, embeddingId: world.embedding }
    await expect(world.groups['groups.places'](places, bob)).rejects.toMatchObject(refused)
    expect((await world.groups['groups.form']({ ...request, analysisId: null }, bob)).maps).toBe(120)
  })
})

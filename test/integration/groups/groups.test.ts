import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calibrationHandlers } from '../../../src/engine/api/calibration.ts'
import { groupHandlers } from '../../../src/engine/api/groups.ts'
import { Groupings } from '../../../src/engine/groups/groupings.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getMapBytes } from '../../../src/engine/workspace/maps.ts'
import { countLatestVerdicts } from '../../../src/engine/workspace/verdicts.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { exporterOf, requestFor } from '../exports/audited-workspace.ts'
import { readTable } from '../exports/read-table.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const ADA = { reviewer: 'Ada' }
let made = 0

async function makeOne(request: Partial<QueueRequest> = {}) {
  const world = makeWorkspace(join(folder, `groups-${(made += 1)}.heatproof`), {
    samples: 30,
    rows: 4,
    columns: 12,
    methods: ['sa', 'dtd'],
  })
  const { database, maps, review } = world
  const groupings = new Groupings(database)
  const groups = groupHandlers({ database, maps, groupings, emit: () => undefined })
  const queue = await review['review.createQueue'](
    QueueRequest.parse({ filter: {}, order: 'worst_first', size: 0, ...request }),
  )
  return {
    ...world,
    groupings,
    groups,
    grouping: { queueId: queue.id, groups: 4, seed: 5, analysisId: null },
    queue,
  }
}

type World = Awaited<ReturnType<typeof makeOne>>
const verdict = {
  maps: 120,
  requestId: null,
  verdict: 'fail' as const,
  modes: ['diffuse' as const],
  note: '',
  blind: false,
}
const itemsOf = async ({ groups, grouping }: World, index: number) =>
  (await groups['groups.items']({ ...grouping, ...ADA, index, offset: 0, limit: 200 })).map(
    ({ mapId }) => mapId,
  )
const historyOf = async ({ review }: World, mapId: number) => (await review['review.item']({ mapId })).history

describe('groups of a queue', () => {
  test('hold every map once, the largest first, and are the same again for the same seed', async () => {
    const world = await makeOne()
    const formed = await world.groups['groups.form']({ ...world.grouping, ...ADA })
    const members = await Promise.all(formed.groups.map((_, index) => itemsOf(world, index)))
    expect(members.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, id) => id + 1))
    expect(formed.groups.map(({ size }) => size)).toEqual(members.map(({ length }) => length))
    expect(formed.groups.map(({ size }) => size)).toEqual(
      formed.groups.map(({ size }) => size).toSorted((a, b) => b - a),
    )
    expect(formed).toMatchObject({ asked: 4, maps: 120, fitted: 120, tests: 0 })
    const again = new Groupings(world.database)
    expect(await again.get(world.grouping)).toEqual(await world.groupings.get(world.grouping))
    const mixed = members
      .map((ids) => ids.join())
      .filter((ids, index) => ids === members[index]?.toSorted((a, b) => a - b).join())
    expect(mixed).toEqual([])
  })

  test('have the mean map and the mean shares of their maps', async () => {
    const world = await makeOne()
    const { groups } = await world.groups['groups.form']({ ...world.grouping, ...ADA })
    for (const [index, group] of groups.entries()) {
      const ids = await itemsOf(world, index)
      const maps = ids.map((id) => float32FromBlob(getMapBytes(world.database, id) ?? new Uint8Array()))
      const found = float32FromBlob(Buffer.from(group.meanMap, 'base64'))
      expect(group).toMatchObject({ columns: 12, averaged: ids.length, decided: 0 })
      for (const pixel of [0, 5, 30, 47]) {
        const parts = maps.map(
          (map) => (map[pixel] ?? NaN) / map.reduce((sum, value) => sum + Math.abs(value), 0),
        )
        expect(found[pixel]).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0) / parts.length, 6)
      }
      const shares = await Promise.all(
        ids.map(async (mapId) => (await world.review['review.item']({ mapId })).shares),
      )
      for (const item of [0, 1, 2]) {
        const mean =
          shares.reduce((sum, row) => sum + Math.min(2, Math.max(-1, row[item] ?? 0)), 0) / ids.length
        expect((group.majority[item] ?? NaN) + (group.odd[item] ?? NaN)).toBeCloseTo(mean, 10)
      }
    }
  })

  test('leave out the maps that test the reviewer', async () => {
    const world = await makeOne()
    await world.review['review.decide'](decision('Ada', [1, 2, 3, 4, 5, 6, 7, 8], 'accept'))
    const tested = await world.review['review.createQueue'](
      QueueRequest.parse({
        filter: { verdict: ['none'] },
        order: 'random',
        size: 40,
        repeatShare: 0.2,
        ...ADA,
      }),
    )
    const formed = await world.groups['groups.form']({ ...world.grouping, ...ADA, queueId: tested.id })
    expect(formed).toMatchObject({ maps: 32, tests: 8 })
    expect(formed.groups.map(({ decided }) => decided)).toEqual(formed.groups.map(() => 0))
  })

  test('are not formed to the end when that is cancelled, and can be formed later', async () => {
    const world = await makeOne()
    const forming = world.groups['groups.form']({ ...world.grouping, ...ADA })
    await world.groups['groups.cancel'](world.grouping)
    await expect(forming).rejects.toMatchObject({ code: 'cancelled' })
    expect((await world.groups['groups.form']({ ...world.grouping, ...ADA })).maps).toBe(120)
  })

  test('need a queue that is there', async () => {
    const world = await makeOne()
    const attempt = async () => world.groups['groups.form']({ ...world.grouping, ...ADA, queueId: 99 })
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a verdict on a group', () => {
  test('goes to its undecided maps but for those left out, marked, and one undo takes it back', async () => {
    const world = await makeOne()
    const { groups, grouping, review, database, queue } = world
    const ids = await itemsOf(world, 0)
    const [own = 0, out = 0, ...others] = ids
    await review['review.decide'](decision('Ada', [own], 'accept'))
    const input = { ...grouping, ...ADA, ...verdict, index: 0, lookedAt: ids.slice(1, 5), leftOut: [out] }
    const rows = await groups['groups.decide'](input)
    expect(new Set(rows.map(({ mapId }) => mapId))).toEqual(new Set(others))
    expect(rows).toHaveLength(others.length)
    expect(countLatestVerdicts(database)).toBe(ids.length - 1)
    const mark = { groups: 4, seed: 5, index: 0, size: ids.length, lookedAt: 4 }
    expect((await historyOf(world, others[0] ?? 0)).at(-1)).toMatchObject({
      ...{ verdict: 'fail', modes: ['diffuse'], queueId: queue.id, group: mark },
    })
    expect((await historyOf(world, own)).map(({ group }) => group)).toEqual([null])
    expect(await historyOf(world, out)).toEqual([])
    expect((await groups['groups.form']({ ...grouping, ...ADA })).groups[0]?.decided).toBe(ids.length - 1)
    expect(await itemsOf(world, 0)).toEqual([out])

    expect((await review['review.undo'](ADA))?.mapIds).toHaveLength(others.length)
    expect(countLatestVerdicts(database)).toBe(1)
    await review['review.redo'](ADA)
    expect((await historyOf(world, others[0] ?? 0)).at(-1)?.group).toMatchObject(mark)
  })

  test('is stored once when it is sent again', async () => {
    const world = await makeOne()
    const { groups, grouping, database, review } = world
    const lookedAt = await itemsOf(world, 0)
    const input = { ...grouping, ...ADA, ...verdict, index: 0, lookedAt, leftOut: [] }
    const request = { ...input, requestId: '6f0c8f0e-1d4b-4c55-9c5e-0f6f0a5f7a11' }
    const rows = await groups['groups.decide'](request)
    expect(await groups['groups.decide'](request)).toEqual(rows)
    expect(countLatestVerdicts(database)).toBe(lookedAt.length)
    expect((await review['review.undo'](ADA))?.mapIds).toHaveLength(lookedAt.length)
    expect(await review['review.undo'](ADA)).toBeNull()
  })

  test('gives way to a verdict on the map itself, which is not marked, and comes back with its undo', async () => {
    const world = await makeOne()
    const { groups, grouping, review } = world
    const [mapId = 0, ...rest] = await itemsOf(world, 0)
    await groups['groups.decide']({ ...grouping, ...ADA, ...verdict, index: 0, lookedAt: rest, leftOut: [] })
    await review['review.decide'](decision('Ada', [mapId], 'accept'))
    expect((await historyOf(world, mapId)).at(-1)).toMatchObject({ verdict: 'accept', group: null })
    await review['review.undo'](ADA)
    expect((await historyOf(world, mapId)).at(-1)?.group).toMatchObject({ lookedAt: rest.length })
  })

  test('is kept as it was given: its group is never changed or deleted', async () => {
    const world = await makeOne()
    const lookedAt = await itemsOf(world, 1)
    await world.groups['groups.decide']({
      ...{ ...world.grouping, ...ADA, ...verdict, index: 1, lookedAt, leftOut: [] },
    })
    expect(() => world.database.exec('DELETE FROM verdict_groups')).toThrow('never deleted')
    expect(() => world.database.exec('UPDATE verdict_groups SET size = 1')).toThrow('never changed')
  })

  test('is refused for a group that is not there, for strangers, and where nothing is left to decide', async () => {
    const world = await makeOne()
    const { groups, grouping, database } = world
    const ids = await itemsOf(world, 1)
    const [stranger = 0] = await itemsOf(world, 0)
    const attempt = async (change: { index?: number; lookedAt?: number[]; leftOut?: number[] }) =>
      groups['groups.decide']({
        ...{ ...grouping, ...ADA, ...verdict, index: 1, lookedAt: ids, leftOut: [], ...change },
      })
    await expect(attempt({ index: 17 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(attempt({ lookedAt: [stranger] })).rejects.toMatchObject({ code: 'bad_argument' })
    await expect(attempt({ leftOut: ids })).rejects.toMatchObject({ code: 'bad_argument' })
    expect(countLatestVerdicts(database)).toBe(0)
  })

  test('is marked in an exported set, beside verdicts on single maps', async () => {
    const world = await makeOne()
    const [mapId = 0, ...lookedAt] = await itemsOf(world, 0)
    await world.review['review.decide'](decision('Ada', [mapId], 'accept'))
    await world.groups['groups.decide']({
      ...{ ...world.grouping, ...ADA, ...verdict, index: 0, lookedAt, leftOut: [] },
    })
    const exporter = exporterOf(world.workspace, [folder])
    const { path } = await exporter.run(requestFor(folder, { name: 'marked', images: false }))
    const size = String(lookedAt.length + 1)
    const cells = readTable(join(path, 'verdicts.csv')).map((row) => [
      row['map_id'] === String(mapId),
      ...[row['group'], row['group_size'], row['group_looked_at']],
    ])
    expect(cells).toEqual([
      [true, '', '', ''],
      ...lookedAt.map(() => [false, '1', size, String(lookedAt.length)]),
    ])
    await exporter.close()
  })

  test('is left out of fits and counted, unless it is asked for', async () => {
    const world = await makeOne()
    const { groups, grouping, review, database, maps } = world
    const calibration = calibrationHandlers({
      ...{ database, maps, emit: () => undefined },
      closing: new AbortController().signal,
    })
    const lookedAt = await itemsOf(world, 0)
    const other = await itemsOf(world, 1)
    await groups['groups.decide']({ ...grouping, ...ADA, ...verdict, index: 0, lookedAt, leftOut: [] })
    await review['review.decide'](decision('Ada', other, 'accept'))
    const counts = (groupVerdicts: boolean) =>
      calibration['calibration.counts']({ metric: 'cosine', mode: 'diffuse', groupVerdicts })
    const without = await counts(false)
    expect(without).toMatchObject({ positives: 0, groupVerdicts: lookedAt.length })
    const including = await counts(true)
    expect(including).toMatchObject({ groupVerdicts: 0, negatives: without.negatives })
    expect(including.positives).toBeGreaterThan(0)
    const fit = {
      ...({ metric: 'cosine', mode: 'diffuse', seed: 0, resamples: 100, requestId: null } as const),
      rule: { kind: 'youden' } as const,
    }
    const attempt = async () => calibration['calibration.fit']({ ...fit, groupVerdicts: false })
    await expect(attempt()).rejects.toMatchObject({ code: 'too_few_verdicts' })
    expect(await calibration['calibration.fit']({ ...fit, groupVerdicts: true })).toMatchObject({
      groupVerdicts: true,
      counts: including,
    })
  })
})

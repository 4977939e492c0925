import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { queueDraws } from '../../../src/engine/workspace/queues.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let made = 0
const makeOne = () =>
  makeWorkspace(join(folder, `${++made}.heatproof`), {
    samples: 40,
    methods: ['sa', 'gi', 'dtd'],
    dataset: 'mnist-3-digits-maj',
  })
let world: ReturnType<typeof makeOne>
beforeEach(() => {
  world = makeOne()
})

const draw = async (change: Partial<QueueRequest>) =>
  world.review['review.createQueue'](QueueRequest.parse({ filter: {}, order: 'worst_first', ...change }))
const itemsOf = async (queueId: number, reviewer: string) =>
  world.review['review.items']({ queueId, reviewer, offset: 0, limit: 1000 })
const originsOf = (queueId: number, origin: string) =>
  [...(queueDraws(world.database, queueId) ?? [])].flatMap(([mapId, found]) =>
    found.origin === origin ? [mapId] : [],
  )

/** Ada decides 20 maps of a random queue: accepts the first ten, fails the others. */
async function firstRound() {
  const queue = await draw({ order: 'random', size: 20, reviewer: 'Ada', seed: 5 })
  const mapIds = (await itemsOf(queue.id, 'Ada')).map(({ mapId }) => mapId)
  const decided = [
    ...(await world.review['review.decide']({
      ...decision('Ada', mapIds.slice(0, 10), 'accept'),
      queueId: queue.id,
    })),
    ...(await world.review['review.decide']({
      ...decision('Ada', mapIds.slice(10), 'fail'),
      queueId: queue.id,
    })),
  ]
  return { queue, decided, mapIds }
}

describe('repeats of a reviewer’s own decisions', () => {
  test('come up as if never seen, and keep the probability with which they first came up', async () => {
    const { decided, mapIds } = await firstRound()
    const queue = await draw({ size: 40, reviewer: 'Ada', repeatShare: 0.1, filter: { verdict: ['none'] } })
    expect(queue.length).toBe(40)
    const repeats = originsOf(queue.id, 'repeat')
    expect(repeats).toHaveLength(4)
    expect(repeats.every((mapId) => mapIds.includes(mapId))).toBe(true)

    const items = await itemsOf(queue.id, 'Ada')
    expect(items.map(({ verdict, modes }) => [verdict, modes])).toEqual(items.map(() => [null, []]))
    const [mapId = 0] = repeats
    const asked = { queueId: queue.id, reviewer: 'Ada' }
    expect((await world.review['review.item']({ mapId, asked })).history).toEqual([])
    expect((await world.review['review.item']({ mapId })).history).toHaveLength(1)
    const [other = 0] = mapIds
    const together = await world.review['review.details']({ mapIds: [mapId, other], asked })
    expect(together.map((item) => [item.mapId, item.history.length])).toEqual([
      [mapId, 0],
      [other, (await world.review['review.item']({ mapId: other, asked })).history.length],
    ])

    const before = decided.find((row) => row.mapId === mapId)
    const [again] = await world.review['review.decide']({
      ...decision('Ada', [mapId], 'unsure'),
      queueId: queue.id,
      blind: true,
    })
    expect(before?.probability).toBe(20 / world.plan.sampleCount / 3 / world.plan.modelIds.length)
    expect(again).toMatchObject({
      queueId: queue.id,
      probability: before?.probability,
      drawnAtRandom: true,
      position: items.findIndex((item) => item.mapId === mapId),
      blind: true,
    })
    expect((await itemsOf(queue.id, 'Ada')).find((item) => item.mapId === mapId)?.verdict).toBe('unsure')
    expect((await world.review['review.item']({ mapId, asked })).history).toHaveLength(2)

    await world.review['review.undo']({ reviewer: 'Ada' })
    expect((await itemsOf(queue.id, 'Ada')).find((item) => item.mapId === mapId)?.verdict).toBeNull()
  })

  test('are compared with what was said before', async () => {
    const { decided } = await firstRound()
    const queue = await draw({ size: 40, reviewer: 'Ada', repeatShare: 0.2, filter: { verdict: ['none'] } })
    const repeats = originsOf(queue.id, 'repeat')
    expect(repeats).toHaveLength(8)
    const asked = { queueId: queue.id, reviewer: 'Ada' }
    const none = { decided: 0, same: 0 }
    expect(await world.review['review.tests'](asked)).toEqual({ repeats: none, known: none })
    const first = repeats.slice(0, 5)
    await world.review['review.decide']({ ...decision('Ada', first, 'accept'), queueId: queue.id })
    const same = decided.filter(({ mapId, verdict }) => first.includes(mapId) && verdict === 'accept').length
    expect(await world.review['review.tests'](asked)).toEqual({ repeats: { decided: 5, same }, known: none })
    await world.review['review.decide']({ ...decision('Ada', first, 'fail'), queueId: queue.id })
    expect(await world.review['review.tests'](asked)).toMatchObject({
      repeats: { decided: 5, same: 5 - same },
    })
  })

  test('never repeat what somebody else decided, and respect the other filters', async () => {
    await firstRound()
    const forBob = await draw({ size: 40, reviewer: 'Bob', repeatShare: 0.5 })
    expect(originsOf(forBob.id, 'repeat')).toEqual([])
    const filtered = await draw({ reviewer: 'Ada', repeatShare: 0.5, filter: { method: ['sa'] } })
    const methods = (await itemsOf(filtered.id, 'Ada')).map(({ method }) => method)
    expect(new Set(methods)).toEqual(new Set(['sa']))
    expect(originsOf(filtered.id, 'repeat').length).toBeGreaterThan(0)
  })
})

describe('maps with a known answer', () => {
  test('come up without their answer until the reviewer has decided', async () => {
    const { decided } = await firstRound()
    await world.review['review.decide'](decision('Ada', [decided[0]?.mapId ?? 0], 'unsure'))
    const known = { reviewer: 'Ada', share: 0.25 }
    const queue = await draw({ size: 40, reviewer: 'Bob', known, filter: { verdict: ['none'] } })
    const mapIds = originsOf(queue.id, 'known')
    expect(mapIds).toHaveLength(10)
    expect(mapIds).not.toContain(decided[0]?.mapId)
    const [mapId = 0] = mapIds
    const asked = { queueId: queue.id, reviewer: 'Bob' }
    expect((await world.review['review.item']({ mapId, asked })).history).toEqual([])
    const answer = decided.find((row) => row.mapId === mapId)?.verdict
    const [row] = await world.review['review.decide']({
      ...decision('Bob', [mapId], answer === 'accept' ? 'accept' : 'fail'),
      queueId: queue.id,
    })
    expect(row).toMatchObject({ queueId: queue.id, probability: null, drawnAtRandom: false })
    expect((await world.review['review.item']({ mapId, asked })).history).toHaveLength(2)
    expect(await world.review['review.tests'](asked)).toMatchObject({ known: { decided: 1, same: 1 } })
  })
})

describe('a stratified queue', () => {
  test('draws n of every architecture, method and data set, and stores the probability', async () => {
    const queue = await draw({ order: 'stratified', perStratum: 7, reviewer: 'Ada' })
    const items = await itemsOf(queue.id, 'Ada')
    const strata = Map.groupBy(items, ({ modelLabel, method }) => `${modelLabel} ${method}`)
    expect([...strata.values()].map((stratum) => stratum.length)).toEqual(new Array(strata.size).fill(7))
    expect(strata.size).toBe(3 * new Set(items.map(({ modelLabel }) => modelLabel)).size)
    const rows = await world.review['review.decide']({
      ...decision(
        'Ada',
        items.map(({ mapId }) => mapId),
        'accept',
      ),
      queueId: queue.id,
    })
    const perStratum = (world.plan.sampleCount * world.plan.modelIds.length * 3) / strata.size
    expect(new Set(rows.map(({ probability }) => probability))).toEqual(new Set([7 / perStratum]))
    expect(rows.every(({ drawnAtRandom }) => drawnAtRandom)).toBe(true)
    expect(rows.map(({ position }) => position).sort((a = 0, b = 0) => (a ?? 0) - (b ?? 0))).toEqual([
      ...items.keys(),
    ])
  })
})

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HandlerInput } from '../../../src/shared/contract/contract.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { QueueVerdictInput } from '../../../src/shared/contract/verdicts.ts'
import type { Caller } from '../../../src/shared/contract/reviewers.ts'
import { listLatestVerdicts } from '../../../src/engine/workspace/verdicts.ts'
import { removeFromQueue } from '../../../src/engine/workspace/queues.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let made = 0

async function makeQueue(request: Partial<QueueRequest> = {}) {
  const world = makeWorkspace(join(folder, `queue-${(made += 1)}.heatproof`), {
    ...{ samples: 10, rows: 4, columns: 12, methods: ['sa', 'dtd'] },
  })
  const draw = (change: Partial<QueueRequest>) =>
    world.review['review.createQueue'](
      QueueRequest.parse({ filter: {}, order: 'worst_first', size: 0, ...change }),
    )
  const queue = await draw(request)
  const asked = { queueId: queue.id, reviewer: 'Ada' }
  const rows = await world.review['review.items']({ ...asked, offset: 0, limit: 1000 })
  const input: HandlerInput<'review.decideQueue'> = {
    ...asked,
    ...{
      requestId: null,
      length: queue.length,
      ranges: [[0, 1]],
      verdict: 'accept',
      modes: [],
      blind: false,
    },
  }
  return { ...world, draw, queue, rows, input, asked }
}

describe('a verdict on places of a queue', () => {
  test('is one decision on the maps there, each with how the queue drew it, and one undo', async () => {
    const { review, database, rows, input, events } = await makeQueue({ size: 20 })
    const ranges: [number, number][] = [
      [0, 2],
      [5, 5],
      [18, 19],
    ]
    const wanted = [0, 1, 2, 5, 18, 19].map((place) => rows[place]?.mapId ?? 0)
    expect(await review['review.decideQueue']({ ...input, ranges })).toEqual({ count: 6 })
    const stored = listLatestVerdicts(database)
    expect(stored.map(({ mapId }) => mapId).sort()).toEqual(wanted.toSorted())
    for (const { mapId, position, queueId, probability, drawnAtRandom } of stored) {
      expect(rows[position ?? -1]?.mapId).toBe(mapId)
      expect(queueId).toBe(input.queueId)
      expect(probability).toBe(drawnAtRandom ? 4 / (40 - 16) : 1)
    }
    expect(events).toEqual(['verdicts'])
    expect((await review['review.undo']({ reviewer: 'Ada' }))?.mapIds).toHaveLength(6)
    expect(listLatestVerdicts(database)).toEqual([])
  })

  test('is stored once when it is sent again, also after the queue has lost maps', async () => {
    const { review, database, input, rows } = await makeQueue()
    const sent = { ...input, requestId: crypto.randomUUID() }
    await review['review.decideQueue'](sent)
    removeFromQueue(database, input.queueId, (mapId) => mapId === rows[20]?.mapId)
    expect(await review['review.decideQueue'](sent)).toEqual({ count: 2 })
    expect(listLatestVerdicts(database)).toHaveLength(2)
  })

  test('stores nothing where the queue has lost maps since it was shown, whose places are others now', async () => {
    const { review, database, input, rows } = await makeQueue()
    removeFromQueue(database, input.queueId, (mapId) => mapId === rows[0]?.mapId)
    const attempt = async () => review['review.decideQueue'](input)
    await expect(attempt()).rejects.toMatchObject({ code: 'conflict', found: 'a queue of 39 maps' })
    expect(listLatestVerdicts(database)).toEqual([])
  })

  const refused: [string, Partial<HandlerInput<'review.decideQueue'>>, string][] = [
    ['a place beyond the queue', { ranges: [[39, 40]] }, 'bad_argument'],
    ['a range that ends before it begins', { ranges: [[3, 2]] }, 'bad_argument'],
    ['a fail without a mode', { verdict: 'fail' }, 'bad_argument'],
    ['an unknown queue', { queueId: 77 }, 'not_found'],
    [
      'more maps than one verdict takes',
      { ranges: Array.from({ length: 2501 }, () => [0, 39]) },
      'bad_argument',
    ],
  ]
  test.each(refused)('refuses %s and stores nothing', async (_, change, code) => {
    const { review, database, input } = await makeQueue()
    const attempt = async () => review['review.decideQueue']({ ...input, ...change })
    await expect(attempt()).rejects.toMatchObject({ code })
    expect(listLatestVerdicts(database)).toEqual([])
  })

  test('of a blind queue is stored as blind, whatever the page says', async () => {
    const { review, database, input } = await makeQueue({ blind: true })
    const ada: Caller = { name: 'Ada', standing: 'reviewer' }
    await review['review.decideQueue'](input, ada)
    expect(listLatestVerdicts(database).map(({ blind }) => blind)).toEqual([true, true])
  })
})

describe('a blind verdict on several places', () => {
  test('is blind only on maps that the reviewer had not seen with everything about them', async () => {
    const { review, database, rows, input } = await makeQueue({ size: 4 })
    await review['review.decide'](decision('Ada', [rows[0]?.mapId ?? 0], 'unsure'))
    await review['review.undo']({ reviewer: 'Ada' })
    await review['review.decide'](decision('Bob', [rows[1]?.mapId ?? 0], 'unsure'))
    await review['review.decideQueue']({ ...input, length: 4, ranges: [[0, 2]], blind: true })
    const blindOf = new Map(
      listLatestVerdicts(database)
        .filter(({ reviewer }) => reviewer === 'Ada')
        .map(({ mapId, blind }) => [mapId, blind]),
    )
    expect(rows.slice(0, 3).map(({ mapId }) => blindOf.get(mapId))).toEqual([false, true, true])
  })
})

describe('places of a queue', () => {
  test.each([
    [
      'that overlap',
      [
        [0, 9],
        [9, 12],
      ],
    ],
    [
      'out of order',
      [
        [5, 6],
        [0, 1],
      ],
    ],
    [
      'that end before they begin',
      [
        [3, 1],
        [2, 4],
      ],
    ],
  ])('%s are refused before any of them is read', (_, ranges) => {
    expect(
      QueueVerdictInput.safeParse({ reviewer: 'Ada', queueId: 1, length: 40, verdict: 'accept', ranges })
        .success,
    ).toBe(false)
  })
})

describe('how many maps of a queue are decided', () => {
  test('counts the reviewer’s own, of all or of some places', async () => {
    const { review, rows, asked } = await makeQueue()
    const mapIds = [0, 7, 39].map((place) => rows[place]?.mapId ?? 0)
    await review['review.decide'](decision('Ada', mapIds, 'unsure'))
    await review['review.decide'](decision('Bob', [rows[3]?.mapId ?? 0], 'accept'))
    const countIn = async (ranges?: [number, number][]) =>
      (await review['review.decided']({ ...asked, ranges })).decided
    expect(await countIn()).toBe(3)
    expect(await countIn([[0, 6]])).toBe(1)
    expect(await countIn([[1, 6]])).toBe(0)
    expect((await review['review.decided']({ ...asked, reviewer: 'Bob' })).decided).toBe(1)
    expect((await review['review.decided']({ ...asked, reviewer: 'Nobody' })).decided).toBe(0)
  })

  test('takes a repeat for undecided until it is decided in this queue, as its rows do', async () => {
    const { review, rows, asked, draw } = await makeQueue()
    await review['review.decide'](
      decision(
        'Ada',
        rows.slice(0, 20).map(({ mapId }) => mapId),
        'accept',
      ),
    )
    const again = await draw({ reviewer: 'Ada', repeatShare: 0.25, filter: { verdict: ['none'] } })
    const count = async () => (await review['review.decided']({ ...asked, queueId: again.id })).decided
    expect(await count()).toBe(0)
    const shown = await review['review.items']({ ...asked, queueId: again.id, offset: 0, limit: 100 })
    const all: [number, number][] = [[0, again.length - 1]]
    await review['review.decideQueue']({
      ...asked,
      ...{ queueId: again.id, length: again.length, ranges: all, verdict: 'accept', modes: [], blind: false },
      requestId: null,
    })
    expect(await count()).toBe(shown.length)
  })
})

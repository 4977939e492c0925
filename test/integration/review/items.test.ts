import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Queue, QueueItem, QueueRequest } from '../../../src/shared/contract/queues.ts'
import { ReviewItem } from '../../../src/shared/contract/review.ts'
import { METRICS, SHARE_METRICS } from '../../../src/shared/names.ts'
import { z } from 'zod'
import { activateCalibration } from '../../../src/engine/review/activation.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { getMapBytes } from '../../../src/engine/workspace/maps.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { someFit } from '../figures/some-fit.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { database, review } = makeWorkspace(join(temporaryFolder(), 'items.heatproof'), {
  samples: 30,
  methods: ['sa', 'gi', 'dtd'],
  dataset: 'fashion-mnist-3-items-maj',
})

const request = (change: Partial<QueueRequest>) =>
  QueueRequest.parse({ filter: {}, order: 'worst_first', size: 20, randomShare: 0, ...change })
const page = { reviewer: 'Ada', offset: 0, limit: 1000 }
const itemsOf = async (change: Partial<QueueRequest>) => {
  const queue = await review['review.createQueue'](request(change))
  return z.array(QueueItem).parse(await review['review.items']({ queueId: queue.id, ...page }))
}

describe('a queue', () => {
  test('says what it holds and stays the same', async () => {
    const queue = await review['review.createQueue'](
      request({ filter: { method: ['gi'] }, randomShare: 0.5 }),
    )
    expect(Queue.parse(queue)).toMatchObject({ length: 20, matching: 60 })
    const first = await review['review.items']({ queueId: queue.id, ...page })
    await review['review.decide'](decision('Bob', [first[0]?.mapId ?? 0], 'accept'))
    expect(await review['review.items']({ queueId: queue.id, ...page })).toEqual(first)
    expect(await review['review.queue']({ id: queue.id })).toEqual(queue)
    expect(first.every(({ method }) => method === 'gi')).toBe(true)
  })

  test('pages without gaps, and has nothing past its end', async () => {
    const { id: queueId } = await review['review.createQueue'](request({}))
    const whole = await review['review.items']({ queueId, ...page })
    const pages = await Promise.all(
      [0, 7, 14, 21].map(async (offset) =>
        review['review.items']({ queueId, reviewer: 'Ada', offset, limit: 7 }),
      ),
    )
    expect(pages.flat()).toEqual(whole)
    expect(whole.map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(pages[3]).toEqual([])
  })

  test('knows where its maps stand, and of others that they are not in it', async () => {
    const { id: queueId } = await review['review.createQueue'](request({ filter: { method: ['gi'] } }))
    const rows = await review['review.items']({ queueId, ...page })
    const positions = rows.map(async ({ mapId }) => review['review.position']({ queueId, mapId }))
    expect(await Promise.all(positions)).toEqual(rows.map(({ position }) => ({ position })))
    const other = await itemsOf({ filter: { method: ['sa'] } })
    expect(review['review.position']({ queueId, mapId: other[0]?.mapId ?? 0 })).toEqual({ position: null })
  })

  test.each([
    ['worst_first', 'capped_percentage', 1],
    ['best_first', 'capped_percentage', -1],
    ['worst_first', 'dominance', -1],
    ['best_first', 'dominance_positive', 1],
  ] as const)('%s by %s is sorted', async (order, metric, sign) => {
    const values = (await itemsOf({ order, metric, size: 0 })).flatMap(({ value }) => value ?? [])
    expect(values).toEqual(values.toSorted((a, b) => sign * (a - b)))
    expect(values.length).toBeGreaterThan(170)
  })

  test('by sequence keeps the maps of a sample together', async () => {
    const items = await itemsOf({ order: 'sequence', size: 0 })
    expect(items.map(({ sampleId }) => sampleId)).toEqual(
      items.map(({ sampleId }) => sampleId).toSorted((a, b) => a - b),
    )
    expect(items.slice(0, 6).map(({ modelLabel, method }) => `${modelLabel} ${method}`)).toEqual([
      'Deep sa',
      'Deep gi',
      'Deep dtd',
      'R-LSTM sa',
      'R-LSTM gi',
      'R-LSTM dtd',
    ])
  })

  test('at random differs by seed', async () => {
    const drawn = await Promise.all([1, 1, 2].map((seed) => itemsOf({ order: 'random', seed })))
    const [once, again, other] = drawn.map((items) => items.map(({ mapId }) => mapId))
    expect(again).toEqual(once)
    expect(other).not.toEqual(once)
  })

  test('shows the reviewer their own verdicts', async () => {
    const [item] = await itemsOf({})
    const mapId = item?.mapId ?? 0
    await review['review.decide'](decision('Ada', [mapId], 'fail', ['diffuse']))
    await review['review.decide'](decision('Bob', [mapId], 'accept'))
    expect((await itemsOf({}))[0]).toMatchObject({ mapId, verdict: 'fail', modes: ['diffuse'] })
  })

  test('that does not exist is named', async () => {
    const attempt = async () => review['review.items']({ queueId: 999, ...page })
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found', found: 'no queue 999' })
  })
})

describe('an item of the review', () => {
  test('holds everything that the screen shows, true to the stored values', async () => {
    const item = ReviewItem.parse(await review['review.item']({ mapId: 2 }))
    const values = float32FromBlob(getMapBytes(database, 2) ?? new Uint8Array())
    expect(item).toMatchObject({
      rows: 28,
      columns: 84,
      steps: 12,
      method: 'gi',
      signed: true,
      predictedFailure: null,
    })
    expect([item.low, item.high]).toEqual([Math.min(...values), Math.max(...values)])
    const sums = item.regions.map(({ box }) => {
      let sum = 0
      for (let row = box.row; row < box.row + box.height; row += 1) {
        for (let column = box.column; column < box.column + box.width; column += 1) {
          sum += values[row * item.columns + column] ?? 0
        }
      }
      return sum
    })
    const total = sums.reduce((all, sum) => all + sum, 0)
    item.shares.forEach((share, index) => expect(share).toBeCloseTo((sums[index] ?? 0) / total, 10))
    expect(item.total).toBeCloseTo(total, 10)
    expect(item.scores).toHaveLength(METRICS.length)
    const uniform = item.scores.map(({ metric, uniform }) => [metric, uniform])
    expect(Object.fromEntries(uniform)).toMatchObject({
      percentage: expect.closeTo(2 / 3, 12) as number,
      cosine: expect.closeTo(Math.sqrt(2 / 3), 12) as number,
      dominance: 0.5,
    })
    const random = new Map(item.scores.map((score) => [score.metric, score.random]))
    for (const metric of SHARE_METRICS) expect(random.get(metric)).toBeGreaterThan(0.4)
    expect(random.get('gini')).toBeCloseTo(1 / 3, 1)
    expect(random.get('stroke_auc')).toBeCloseTo(0.5, 1)
    expect(item.labelName).toMatch(/[a-z]/)
    expect(item).toMatchObject({ explained: 'label', targetTitle: `class ${item.label} (${item.labelName})` })
    expect(item.provenance).toMatchObject({
      dataset: 'fashion-mnist-3-items-maj',
      split: 'test',
      images: [0, 1, 2],
    })
  })

  test('of another class says so, and no calibration judges it', async () => {
    const predicts = async (id: number) => ReviewItem.parse(await review['review.item']({ mapId: id }))
    const [own = 0] = addOtherClassMaps(database, [3])
    const calibrated = insertCalibration(database, someFit({ tau: 0.6 }), 'Ada')
    activateCalibration(database, calibrated, 'Ada')
    const [usual, other] = [await predicts(3), await predicts(own)]
    activateCalibration(database, null, 'Ada')
    expect(usual.predictedFailure).not.toBeNull()
    expect(other).toMatchObject({ explained: 'other', predictedFailure: null, label: usual.label })
    expect(other.scores).toEqual(usual.scores)
    expect(other.targetTitle).toMatch(/^class [012] \([A-Z]/)
  })

  test('that does not exist is named', async () => {
    const attempt = async () => review['review.item']({ mapId: 9999 })
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
  })
})

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getMapBytes } from '../../../src/engine/workspace/maps.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { database, review } = makeWorkspace(join(temporaryFolder(), 'scales.heatproof'), {
  samples: 20,
  methods: ['sa', 'gi'],
})
const drawn = await review['review.createQueue'](
  QueueRequest.parse({ filter: {}, order: 'random', size: 30, seed: 3 }),
)
const items = await review['review.items']({ queueId: drawn.id, reviewer: 'Ada', offset: 0, limit: 100 })

/** Largest absolute values of the queue's maps of a method, ascending, read from the pixels themselves. */
const peaksOf = (wanted: string) =>
  items
    .filter(({ method }) => method === wanted)
    .map(({ mapId }) => float32FromBlob(getMapBytes(database, mapId) ?? new Uint8Array()))
    .map((values) => values.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0))
    .sort((a, b) => a - b)

const scaleOf = async (method: string, covered: number) =>
  (await review['review.scales']({ queueId: drawn.id, covered })).find((scale) => scale.method === method)

test.each(['sa', 'gi'])(
  'the shared scale of %s reaches the largest value of its maps in the queue',
  async (method) => {
    const peaks = peaksOf(method)
    const scale = await scaleOf(method, 1)
    expect(scale?.maps).toBe(peaks.length)
    expect(scale?.limit).toBeCloseTo(peaks.at(-1) ?? 0, 6)
  },
)

test('a clip leaves the maps with the largest values beyond the scale', async () => {
  const peaks = peaksOf('gi')
  const scale = await scaleOf('gi', 0.5)
  expect(scale?.limit).toBeCloseTo(peaks[Math.ceil(0.5 * (peaks.length - 1))] ?? 0, 6)
  expect(scale?.limit).toBeLessThan(peaks.at(-1) ?? 0)
})

test('a queue that is not there has no scales', async () => {
  await expect(review['review.scales']({ queueId: 999, covered: 1 })).rejects.toThrow('no queue 999')
})

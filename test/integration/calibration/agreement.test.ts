import { beforeAll, describe, expect, test } from 'vitest'
import { Agreement } from '../../../src/shared/contract/agreement.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { decision } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { MODE, reviewedWorld } from './reviewed-world.ts'

const folder = temporaryFolder()
let world: Awaited<ReturnType<typeof reviewedWorld>>
let agreement: Agreement
const request = { seed: 1, resamples: 200, groupVerdicts: false, requestId: null }

/** Bob decides the first 40 maps of Ada's queue, and says the same but for 5; Ada decides 10 again, and changes 2. */
beforeAll(async () => {
  world = await reviewedWorld(folder)
  const { review, items, calibration } = world
  const said = new Map<number, string>()
  for (const { mapId } of items) {
    said.set(mapId, (await review['review.item']({ mapId })).history[0]?.verdict ?? 'accept')
  }
  const other = (verdict: string | undefined) => (verdict === 'fail' ? 'accept' : 'fail')
  const decide = async (reviewer: string, mapId: number, verdict: string, queueId: number | null = null) =>
    review['review.decide']({
      ...(verdict === 'fail'
        ? decision(reviewer, [mapId], 'fail', [MODE])
        : decision(reviewer, [mapId], 'accept')),
      queueId,
    })
  for (const [at, { mapId }] of items.slice(0, 40).entries()) {
    await decide('Bob', mapId, at < 5 ? other(said.get(mapId)) : (said.get(mapId) ?? 'accept'))
  }
  const queue = await review['review.createQueue'](
    QueueRequest.parse({
      filter: { verdict: ['none'] },
      order: 'random',
      size: 20,
      reviewer: 'Ada',
      repeatShare: 0.5,
      seed: 3,
    }),
  )
  const drawn = await review['review.items']({ queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 20 })
  const repeats = drawn.map(({ mapId }) => mapId).filter((mapId) => said.has(mapId))
  for (const [at, mapId] of repeats.entries()) {
    await decide('Ada', mapId, at < 2 ? other(said.get(mapId)) : (said.get(mapId) ?? 'accept'), queue.id)
  }
  agreement = Agreement.parse(await calibration['calibration.agreement'](request))
})

describe('agreement', () => {
  test('between reviewers is over the maps that both decided', () => {
    const [verdict, mode] = agreement.between
    expect(agreement.reviewers).toEqual([
      { name: 'Ada', maps: 100 },
      { name: 'Bob', maps: 40 },
    ])
    expect(agreement.maps).toBe(40)
    expect(verdict).toMatchObject({ on: 'verdict', maps: 40, completeMaps: 40 })
    expect(verdict?.raw.value).toBeGreaterThan(0.8)
    expect(mode?.on).toBe(MODE)
    expect(mode?.raw.value).toBeCloseTo(verdict?.raw.value ?? NaN, 12)
    expect(agreement.pairs).toMatchObject([{ first: 'Ada', second: 'Bob' }])
    expect(agreement.pairs[0]?.measures).toEqual(agreement.between)
    expect(agreement.neverFlagged).not.toContain(MODE)
  })

  test('within a reviewer is over what came up again, with what was said before', () => {
    const [own] = agreement.within
    expect(agreement.within).toHaveLength(1)
    expect(own).toMatchObject({ reviewer: 'Ada', repeats: 10 })
    expect(own?.measures[0]?.raw.value).toBeCloseTo(0.8, 12)
  })

  test('leaves withdrawn verdicts out', async () => {
    const { review, calibration } = world
    await review['review.undo']({ reviewer: 'Bob' })
    const after = await calibration['calibration.agreement'](request)
    expect(after.maps).toBe(39)
  })
})

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareHandlers } from '../../../src/engine/api/compare.ts'
import { figureHandlers } from '../../../src/engine/api/figures.ts'
import type { MapFilter } from '../../../src/shared/contract/common.ts'
import { FigureRequest } from '../../../src/shared/contract/figures.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { StatisticsRequest } from '../../../src/shared/contract/statistics.ts'
import type { Caller } from '../../../src/shared/contract/reviewers.ts'
import { rejectionOf } from '../../support/errors.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ADA: Caller = { name: 'Ada', standing: 'reviewer' }
const LENA: Caller = { name: 'Lena', standing: 'lead' }
const file = join(temporaryFolder(), 'blind.heatproof')
const { database, maps, review } = makeWorkspace(file, {
  ...{ samples: 6, rows: 4, columns: 12, methods: ['sa', 'dtd'] },
  architectures: [{ architecture: 'deep' }],
})
const figures = figureHandlers({ database, maps })
const compare = compareHandlers({ database, maps, pool: () => Promise.reject(new Error('no pool')) })
const request = (filter: MapFilter, blind = false) =>
  QueueRequest.parse({ filter, order: 'sequence', size: 0, blind })
const total = async (filter: MapFilter, caller: Caller) =>
  (await review['review.facets']({ filter }, caller)).total

await review['review.decide'](decision('Bob', [...maps.current().mapIds], 'fail'))
const { id: queueId } = await review['review.createQueue'](request({ method: ['dtd'] }, true), LENA)
const rowsFor = (caller: Caller) =>
  review['review.items']({ queueId, reviewer: caller.name ?? '', offset: 0, limit: 10 }, caller)
const [first, second] = (await rowsFor(LENA)).map(({ mapId }) => mapId)
if (first === undefined || second === undefined) throw new Error('the queue is empty')

describe('a blind queue', () => {
  test('gives a reviewer nothing but the picture, with or without saying in which queue they ask', async () => {
    for (const asked of [undefined, { queueId, reviewer: 'Ada' }]) {
      const item = await review['review.item']({ mapId: first, asked }, ADA)
      expect(item).toMatchObject({
        withheld: true,
        method: 'hidden',
        scores: [],
        shares: [],
        sharesPositive: [],
        history: [],
        predictedFailure: null,
      })
      expect(item.model).toMatchObject({ id: 0, name: 'hidden', sha256: '' })
      expect(item.regions).toHaveLength(3)
    }
    for (const row of await rowsFor(ADA)) {
      expect(row).toMatchObject({ withheld: true, method: 'hidden', modelLabel: 'hidden', value: null })
    }
  })

  test('has no shared scales for a reviewer, which would tell its methods', async () => {
    expect(await review['review.scales']({ queueId, covered: 1 }, ADA)).toEqual([])
    expect(await review['review.scales']({ queueId, covered: 1 }, LENA)).toMatchObject([{ method: 'dtd' }])
  })

  test('is in no count, no queue and no comparison of a reviewer, whatever they filter by', async () => {
    expect(await total({}, LENA)).toBe(12)
    expect(await total({}, ADA)).toBe(6)
    expect(await total({ search: `#${first}`, reviewer: ['Bob'], verdict: ['fail'] }, ADA)).toBe(0)
    expect((await review['review.createQueue'](request({ method: ['dtd'] }), ADA)).length).toBe(0)
    const { sampleId } = await review['review.item']({ mapId: first }, LENA)
    const sequence = { sampleId, reviewer: 'Ada', metric: 'cosine' as const, target: null, queueId: null }
    const seen = await compare['compare.sequence'](sequence, ADA)
    expect(seen?.maps.map(({ method }) => method)).toEqual(['sa'])
  })

  test('is in no figure and no comparison of a reviewer, which say how many maps they leave out', async () => {
    const draw = (caller: Caller, filter: MapFilter = {}) =>
      figures['figures.draw'](FigureRequest.parse({ name: 'metrics', filter }), caller)
    expect(await draw(LENA)).toMatchObject({ maps: 12 })
    const seen = await draw(ADA)
    expect(seen.maps).toBe(6)
    expect(seen.caption).toContain('Left out: 6 maps of blind queues that you have not decided.')
    expect(await draw(ADA, { search: `#${first}` })).toMatchObject({ maps: 0, panels: [] })
    const compared = StatisticsRequest.parse({})
    expect((await figures['figures.statistics'](compared, LENA)).tables).toHaveLength(1)
    expect((await figures['figures.statistics'](compared, ADA)).tables).toEqual([])
  })

  test('stores that the verdict was blind, and tells all of this map alone once it is decided', async () => {
    const [verdict] = await review['review.decide'](decision('Ada', [first], 'accept'), ADA)
    expect(verdict?.blind).toBe(true)
    const [again] = await review['review.decide'](decision('Ada', [first], 'accept'), ADA)
    expect(again?.blind).toBe(false)
    const item = await review['review.item']({ mapId: first }, ADA)
    expect(item).toMatchObject({ withheld: false, method: 'dtd' })
    expect(item.history.map(({ reviewer }) => reviewer)).toEqual(['Bob', 'Ada', 'Ada'])
    expect((await review['review.item']({ mapId: second }, ADA)).withheld).toBe(true)
    expect(await total({}, ADA)).toBe(7)
  })

  test('does not hide a map again whose verdict was taken back: the next one is not blind', async () => {
    await review['review.undo']({ reviewer: 'Ada' })
    await review['review.undo']({ reviewer: 'Ada' })
    expect((await review['review.item']({ mapId: first }, ADA)).withheld).toBe(false)
    const [row] = await review['review.decide'](decision('Ada', [first], 'unsure'), ADA)
    expect(row?.blind).toBe(false)
    await review['review.undo']({ reviewer: 'Ada' })
  })

  test('withholds nothing from leads and the owner', async () => {
    expect(await review['review.item']({ mapId: first }, LENA)).toMatchObject({
      withheld: false,
      method: 'dtd',
    })
    expect(await review['review.item']({ mapId: first })).toMatchObject({ withheld: false, method: 'dtd' })
  })

  test('is drawn by leads alone', async () => {
    const refused = await rejectionOf(
      Promise.resolve().then(() => review['review.createQueue'](request({}, true), ADA)),
    )
    expect(refused).toMatchObject({ code: 'forbidden', found: 'a blind queue drawn by a reviewer' })
  })
})

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { getPrediction, insertMaps, listMaps } from '../../../src/engine/workspace/maps.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import {
  ComparedSequence,
  PairSummary,
  type PairAgreement,
  type PairRequest,
} from '../../../src/shared/contract/compare.ts'
import { className } from '../../../src/shared/class-names.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { AGREEMENT_METRICS } from '../../../src/shared/names.ts'
import { slowOverlap, slowPearson, slowRanks, slowSsim } from '../../unit/metrics/slow-metrics.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SAMPLES = 230
const WRONG = 2
const ALL_WRONG = 10
const METHODS = ['sa', 'gi', 'dtd']
const folder = temporaryFolder()
const workspacePath = join(folder, 'compare.heatproof')

/** The first model is wrong on every 25th sequence; on the first of these it also has a map of what it predicts. */
function fill(): void {
  const workspace = openWorkspace(workspacePath, { create: true })
  const { runId, modelIds } = fillWorkspace(workspace, {
    samples: SAMPLES,
    methods: METHODS,
    dataset: 'fashion-mnist-3-items-maj',
  })
  fillWorkspace(workspace, { samples: 2, methods: ['occlusion'], architectures: [], seed: 7 })
  const { database } = workspace
  const [modelId = 0] = modelIds
  const [map] = listMaps(database, [1])
  const predicted = getPrediction(database, modelId, WRONG)?.predicted
  if (map === undefined || predicted === undefined) throw new Error('no first map')
  const { checks: _, ...rest } = map
  const values = new Float32Array(28 * 84).fill(0.5)
  insertMaps(database, {
    runId,
    modelId,
    predictions: [],
    maps: [{ ...rest, sampleId: WRONG, target: predicted, targetKind: 'predicted', values }],
  })
  workspace.close()
}

fill()
const engine = openEngine({ workspacePath, workers: 2, folders: [folder], backend: 'wasm' })
const { handlers, bulk } = engine
afterAll(() => engine.close())

const floats = async (bytes: Uint8Array | Promise<Uint8Array>) =>
  new Float32Array(Uint8Array.from(await bytes).buffer)
const mapValues = async (id: number) => [...(await floats(bulk.mapValues(id)))]

describe('one sequence', () => {
  const ask = async (sampleId: number | null, reviewer = '') =>
    ComparedSequence.parse(await handlers['compare.sequence']({ sampleId, metric: 'percentage', reviewer }))

  test('has its maps by model and method, with the values that Review shows', async () => {
    const sequence = await ask(3)
    expect(sequence.methods).toEqual(['sa', 'gi', 'dtd'])
    expect(sequence.models.map(({ label }) => label)).toEqual(['Deep', 'R-LSTM'])
    const keys = sequence.maps.map(({ modelId, method }) => `${modelId} ${method}`)
    const wanted = sequence.models.flatMap(({ id }) => METHODS.map((method) => `${id} ${method}`))
    expect(keys.sort()).toEqual(wanted.sort())
    for (const map of sequence.maps) {
      const item = await handlers['review.item']({ mapId: map.mapId })
      expect(item.sampleId).toBe(3)
      const { low, high, shares, target, signed, state } = item
      expect(map).toMatchObject({ low, high, shares, target, signed, state, verdict: null })
      const score = item.scores.find(({ metric }) => metric === 'percentage')
      expect([map.value, map.valueState]).toEqual([score?.value, score?.state])
      const model = sequence.models.find(({ id }) => id === map.modelId)
      expect(model?.predicted).toBe(item.predicted)
    }
  })

  test('names what it shows and where it comes from', async () => {
    const sequence = await ask(2)
    const dataset = 'fashion-mnist-3-items-maj'
    expect(sequence.regionNames).toEqual(sequence.regions.map(({ label }) => className(dataset, label ?? -1)))
    expect(sequence.labelName).toBe(className(dataset, sequence.label))
    expect(sequence.origin).toMatchObject({ dataset, split: 'test', sequence: 1, images: [1, 2, 3] })
    expect(sequence.place).toBe(1)
  })

  test('stands in the row of those with maps', async () => {
    const [first, middle, last] = [await ask(null), await ask(100), await ask(SAMPLES)]
    expect(first).toMatchObject({ sampleId: 1, position: 0, previous: null, next: 2, count: SAMPLES })
    expect(middle).toMatchObject({ position: 99, previous: 99, next: 101, first: 1, last: SAMPLES })
    expect(last).toMatchObject({ position: SAMPLES - 1, previous: SAMPLES - 1, next: null })
  })

  test('keeps every explained class of a cell', async () => {
    const { maps, label } = await ask(WRONG)
    const classes = maps
      .filter(({ modelId, method }) => modelId === 1 && method === 'sa')
      .map((map) => map.target)
    expect(classes.sort((a, b) => a - b)).toEqual([label, (label + 1) % 10].sort((a, b) => a - b))
  })

  test('carries the own verdict alone', async () => {
    const mapId = (await ask(7)).maps[0]?.mapId ?? 0
    const decision = {
      ...{ requestId: null, mapIds: [mapId], modes: [], note: '' },
      ...{ box: null, queueId: null, blind: false },
    }
    await handlers['review.decide']({ ...decision, reviewer: 'Ada', verdict: 'accept' })
    await handlers['review.decide']({ ...decision, reviewer: 'Bob', verdict: 'unsure' })
    const verdictFor = async (reviewer: string) =>
      (await ask(7, reviewer)).maps.find((map) => map.mapId === mapId)?.verdict
    expect(await verdictFor('Ada')).toBe('accept')
    expect(await verdictFor('Bob')).toBe('unsure')
    expect(await verdictFor('Cy')).toBeNull()
  })

  test.each([SAMPLES + 1, 9999])('without maps is named: %i', async (sampleId) => {
    await expect(ask(sampleId)).rejects.toMatchObject({ code: 'not_found' })
  })
})

const TWO_METHODS: PairRequest = {
  a: { modelId: 1, method: 'gi' },
  b: { modelId: 1, method: 'dtd' },
  target: 'label',
  queueId: null,
}
const TWO_MODELS: PairRequest = {
  a: { modelId: 1, method: 'sa' },
  b: { modelId: 2, method: 'sa' },
  target: 'label',
  queueId: null,
}

describe('the pairs of two sides', () => {
  test.each([
    ['methods', TWO_METHODS],
    ['models', TWO_MODELS],
  ])('of two %s are the maps of every sequence, page by page', async (_, request) => {
    const offsets = [0, 100, 200, 300]
    const pages = await Promise.all(
      offsets.map(async (offset) => handlers['compare.pairs']({ ...request, offset, limit: 100 })),
    )
    expect(pages.map(({ total, unpaired }) => [total, unpaired])).toEqual(offsets.map(() => [SAMPLES, 0]))
    const pairs = pages.flatMap((page) => page.pairs)
    expect(pairs.map(({ sampleId }) => sampleId)).toEqual(Array.from({ length: SAMPLES }, (_, i) => i + 1))
    for (const pair of pairs.filter((_, index) => index % 40 === 0)) {
      const a = await handlers['review.item']({ mapId: pair.a })
      const b = await handlers['review.item']({ mapId: pair.b })
      expect([a.sampleId, a.model.id, a.method]).toEqual([pair.sampleId, request.a.modelId, request.a.method])
      expect([b.sampleId, b.model.id, b.method]).toEqual([pair.sampleId, request.b.modelId, request.b.method])
      expect([a.target, b.target, a.labelName]).toEqual([pair.target, pair.label, pair.labelName])
    }
  })

  test('explain the same class: sequences without such maps are counted apart', async () => {
    const { pairs, total, unpaired } = await handlers['compare.pairs']({
      ...TWO_MODELS,
      target: 'predicted',
      offset: 0,
      limit: 100,
    })
    expect([total, unpaired]).toEqual([SAMPLES - ALL_WRONG, ALL_WRONG])
    expect(pairs.map(({ sampleId }) => sampleId)).not.toContain(WRONG)
    for (const { a, target } of pairs.slice(0, 5)) {
      const item = await handlers['review.item']({ mapId: a })
      expect([item.target, item.predicted]).toEqual([target, target])
    }
  })

  test('explain the asked class where both have maps of it', async () => {
    const own = (await handlers['compare.pairs']({ ...TWO_MODELS, offset: 0, limit: 100 })).pairs
    const answer = await handlers['compare.pairs']({ ...TWO_MODELS, target: 3, offset: 0, limit: 100 })
    const expected = own.filter(({ label }) => label === 3).map(({ sampleId }) => sampleId)
    expect(expected.length).toBeGreaterThan(0)
    expect(answer.pairs.map(({ sampleId }) => sampleId).slice(0, expected.length)).toEqual(expected)
    expect(answer.pairs.every(({ target }) => target === 3)).toBe(true)
    expect(answer.total + answer.unpaired).toBe(SAMPLES)
  })

  test('over a queue are those of its sequences', async () => {
    const request = { filter: { method: ['gi'], label: [3, 4] }, order: 'random', size: 10, seed: 5 } as const
    const queue = await handlers['review.createQueue'](QueueRequest.parse(request))
    const items = await handlers['review.items']({
      ...{ queueId: queue.id, reviewer: '' },
      offset: 0,
      limit: 10,
    })
    const over = { ...TWO_METHODS, queueId: queue.id }
    const { pairs, total, unpaired } = await handlers['compare.pairs']({ ...over, offset: 0, limit: 100 })
    const expected = [...new Set(items.map(({ sampleId }) => sampleId))].sort((a, b) => a - b)
    expect(pairs.map(({ sampleId }) => sampleId)).toEqual(expected)
    expect([total, unpaired]).toEqual([expected.length, 0])
    const summary = await handlers['compare.summary'](over)
    expect(summary.pairs.map(({ sampleId }) => sampleId)).toEqual(expected)
    const unknown = async () => handlers['compare.pairs']({ ...over, queueId: 999, offset: 0, limit: 5 })
    await expect(unknown()).rejects.toMatchObject({ code: 'not_found' })
  })

  test('are none where a side has no maps', async () => {
    const b = { modelId: 1, method: 'occlusion' }
    expect(await handlers['compare.pairs']({ ...TWO_METHODS, b, offset: 0, limit: 5 })).toEqual({
      total: 0,
      unpaired: 0,
      pairs: [],
    })
  })

  test('of one side with itself are refused', async () => {
    const same = { ...TWO_METHODS, b: TWO_METHODS.a, offset: 0, limit: 5 }
    await expect(handlers['compare.pairs'](same)).rejects.toThrow(/both sides/)
  })
})

/** By the slow second versions, in the order of `AGREEMENT_METRICS`. */
function slowAgreement(a: number[], b: number[], columns: number): number[] {
  const top = Math.round(a.length / 10)
  return [
    slowPearson(slowRanks(a), slowRanks(b)),
    slowPearson(a, b),
    slowOverlap(a, b, top),
    slowSsim(a, b, columns),
  ]
}

describe('the agreement of pairs', () => {
  test('is that of a slow second computation', async () => {
    const { pairs } = await handlers['compare.pairs']({ ...TWO_METHODS, offset: 20, limit: 2 })
    const measured = await handlers['compare.agreement']({ pairs: pairs.map(({ a, b }) => ({ a, b })) })
    for (const [index, { a, b, columns }] of pairs.entries()) {
      const expected = slowAgreement(await mapValues(a), await mapValues(b), columns)
      const scores = measured[index] ?? []
      expect(scores.map(({ metric }) => metric)).toEqual([...AGREEMENT_METRICS])
      scores.forEach(({ value }, place) => expect(value).toBeCloseTo(expected[place] ?? NaN, 9))
    }
    expect(measured[0]).not.toEqual(measured[1])
  })

  test('keeps the order of many pairs', async () => {
    const { pairs } = await handlers['compare.pairs']({ ...TWO_MODELS, offset: 0, limit: 40 })
    const together = await handlers['compare.agreement']({ pairs: pairs.map(({ a, b }) => ({ a, b })) })
    const [last] = pairs.slice(-1)
    const alone = await handlers['compare.agreement']({ pairs: [{ a: last?.a ?? 0, b: last?.b ?? 0 }] })
    expect(together).toHaveLength(40)
    expect(together[39]).toEqual(alone[0])
  })

  test('of unknown maps and of maps of two samples is refused', async () => {
    const agree = async (a: number, b: number) => handlers['compare.agreement']({ pairs: [{ a, b }] })
    await expect(agree(1, 99_999)).rejects.toMatchObject({ code: 'not_found' })
    const [one, other] = (await handlers['compare.pairs']({ ...TWO_MODELS, offset: 0, limit: 2 })).pairs
    await expect(agree(one?.a ?? 0, other?.a ?? 0)).rejects.toMatchObject({ code: 'bad_argument' })
  })
})

describe('the summary of many pairs', () => {
  let summary: PairSummary
  beforeAll(async () => {
    summary = PairSummary.parse(await handlers['compare.summary'](TWO_MODELS))
  })

  test('measures a random sample, and says so', () => {
    expect(summary).toMatchObject({ total: SAMPLES, unpaired: 0, seed: 0 })
    expect(summary.pairs).toHaveLength(200)
    const ids = summary.pairs.map(({ sampleId }) => sampleId)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    expect(ids.filter((id) => id > 200).length).toBeGreaterThan(10)
  })

  test('is the mean over its pairs, with an interval around it', () => {
    const valueOf = (agreement: PairAgreement, metric: string) =>
      agreement.find((score) => score.metric === metric)?.value ?? NaN
    for (const { metric, mean, low, high, count } of summary.means) {
      const values = summary.pairs.map(({ agreement }) => valueOf(agreement, metric))
      const expected = values.reduce((sum, value) => sum + value, 0) / values.length
      const deviation = Math.sqrt(
        values.reduce((sum, value) => sum + (value - expected) ** 2, 0) / (values.length - 1),
      )
      expect(count).toBe(200)
      expect(mean).toBeCloseTo(expected, 10)
      // Student's t with 199 degrees of freedom.
      const reach = (1.9719565 * deviation) / Math.sqrt(200)
      expect([low, high]).toEqual([
        expect.closeTo(expected - reach, 6) as number,
        expect.closeTo(expected + reach, 6) as number,
      ])
    }
  })

  test('is the same when it is asked again', async () => {
    expect(await handlers['compare.summary'](TWO_MODELS)).toEqual(summary)
  })
})

describe('the difference of two maps', () => {
  test('is that of their parts of the absolute sum', async () => {
    const [pair] = (await handlers['compare.pairs']({ ...TWO_METHODS, offset: 4, limit: 1 })).pairs
    const [a, b] = [await mapValues(pair?.a ?? 0), await mapValues(pair?.b ?? 0)]
    const size = (map: number[]) => map.reduce((sum, value) => sum + Math.abs(value), 0)
    const difference = await floats(bulk.mapDifference(pair?.a ?? 0, pair?.b ?? 0))
    expect(difference).toHaveLength(28 * 84)
    difference.forEach((value, pixel) =>
      expect(value).toBeCloseTo((a[pixel] ?? NaN) / size(a) - (b[pixel] ?? NaN) / size(b), 7),
    )
    expect(Math.max(...difference.map(Math.abs))).toBeGreaterThan(0.01)
  })

  test('of maps of two samples or unknown maps is refused', () => {
    expect(() => bulk.mapDifference(1, 99_999)).toThrow(/no map 99999/)
    expect(() => bulk.mapDifference(1, 2 + METHODS.length)).toThrow(/two maps of one sample/)
  })
})

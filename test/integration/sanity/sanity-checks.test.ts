import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { writeModel } from '../../../src/engine/models/model.ts'
import { randomisedModel } from '../../../src/engine/models/randomised.ts'
import type { CallInput } from '../../../src/shared/contract/contract.ts'
import { SanityCheck, SanityRequest, type SanityStage } from '../../../src/shared/contract/sanity.ts'
import { SANITY_METRICS, type SanityMetricName } from '../../../src/shared/names.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { explainLinear, linearModel } from './linear-model.ts'
import { slowPearson, slowRanks } from '../../unit/metrics/slow-metrics.ts'

const folder = temporaryFolder()
const engine = openEngine({
  workspacePath: join(folder, 'checks.heatproof'),
  create: true,
  workers: 2,
  folders: [folder],
})
const { handlers } = engine
afterAll(() => engine.close())

let [deep, rlstm, linear] = [0, 0, 0]
beforeAll(async () => {
  const models = await handlers['models.addShipped']({
    names: ['deep-mnist-3-digits-maj-seq-12-fold-1', 'rlstm-mnist-3-digits-maj-seq-12-fold-1'],
  })
  ;[deep, rlstm] = [models[0]?.id ?? 0, models[1]?.id ?? 0]
  linear = await importModel(linearModel())
})

async function importModel(model: Parameters<typeof writeModel>[0]): Promise<number> {
  const base64 = Buffer.from(writeModel(model)).toString('base64')
  return (await handlers['models.import']({ fileName: 'model.safetensors', base64, layout: 'heatproof' })).id
}

const request = (change: Partial<CallInput<'sanity.start'>>) =>
  SanityRequest.parse({
    modelId: deep,
    methods: ['sa'],
    dataset: 'mnist-3-digits-maj',
    count: 4,
    seeds: 1,
    ...change,
  })
const start = async (change: Partial<CallInput<'sanity.start'>>) =>
  (await handlers['sanity.start'](request(change))).jobId

async function finished(jobId: number): Promise<SanityCheck> {
  const job = await engine.waitFor(jobId)
  expect(job).toMatchObject({ status: 'done', error: null })
  return SanityCheck.parse(await handlers['sanity.get']({ id: job.resultId ?? 0 }))
}

const run = async (change: Partial<CallInput<'sanity.start'>>) => finished(await start(change))

function valueOf(stage: SanityStage | undefined, method: string, metric: SanityMetricName) {
  const value = stage?.values.find((each) => each.method === method && each.metric === metric)
  if (value === undefined) throw new Error(`no ${metric} of ${method}`)
  return value
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length

describe('fresh weights in layer after layer', () => {
  let check: SanityCheck
  beforeAll(async () => {
    check = await run({ methods: ['lrp_a1.5b0.5', 'sa'], count: 26 })
  })

  test('is a stage for the model itself and one for every layer from the output on', () => {
    expect(check.stageNames).toEqual(['original', 'logits', 'out1', 'hidden', 'state', 'in1'])
    expect(check.stages.map(({ name }) => name)).toEqual(check.stageNames)
    expect(check.stages.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5])
    expect(check.request.methods).toEqual(['sa', 'lrp_a1.5b0.5', 'random'])
    for (const { values } of check.stages) expect(values).toHaveLength(3 * SANITY_METRICS.length)
  })

  test('leaves every map of the model itself as it is', () => {
    for (const value of check.stages[0]?.values ?? []) {
      expect(value.mean).toBeCloseTo(1, 12)
      expect(value).toMatchObject({ count: 26, undefined: 0, noRelevance: 0 })
    }
  })

  test('never changes the maps of a method that does not look at the model', () => {
    for (const stage of check.stages) {
      for (const metric of SANITY_METRICS) expect(valueOf(stage, 'random', metric).mean).toBeCloseTo(1, 12)
    }
  })

  test('changes what depends on the weights, and what the model knows', () => {
    const last = check.stages.at(-1)
    expect(valueOf(last, 'sa', 'ssim').mean).toBeLessThan(0.9)
    expect(check.stages[0]?.accuracy).toBeGreaterThan(0.9)
    expect(last?.accuracy).toBeLessThan(0.4)
  })

  test('counts pairs without a value instead of taking them for 0', () => {
    const values = check.stages.flatMap((stage) => stage.values)
    for (const { count, undefined: without, noRelevance } of values) {
      expect(count + without + noRelevance).toBe(26)
    }
    expect(values.some(({ undefined: without }) => without > 0)).toBe(true)
  })

  test('has its numbers as CSV', async () => {
    const lines = (await engine.bulk.sanityTable(check.id)).trim().split('\n')
    expect(lines).toHaveLength(1 + 6 * 3 * SANITY_METRICS.length)
    const { mean, low } = valueOf(check.stages[2], 'sa', 'ssim')
    expect(lines).toContainEqual(
      expect.stringContaining(`,2,out1,${check.stages[2]?.accuracy},sa,ssim,${mean},${low},`),
    )
  })

  test('gives the same numbers when it was stopped and resumed', async () => {
    const jobId = await start({ methods: ['lrp_a1.5b0.5', 'sa'], count: 26 })
    const unsubscribe = engine.subscribe(() => {
      void (async () => {
        const [latest] = await handlers['sanity.list']({})
        if (latest?.jobId === jobId && latest.stagesDone >= 2) await handlers['jobs.cancel']({ id: jobId })
      })()
    })
    const stopped = await engine.waitFor(jobId)
    unsubscribe()
    expect(stopped.status).toBe('cancelled')
    const half = await handlers['sanity.get']({ id: stopped.resultId ?? 0 })
    expect(half.stages.length).toBeGreaterThanOrEqual(2)
    expect(half.stages.length).toBeLessThan(6)
    await handlers['jobs.resume']({ id: jobId })
    const resumed = await finished(jobId)
    expect(resumed.id).toBe(half.id)
    expect(resumed.stages.slice(0, half.stages.length)).toEqual(half.stages)
    const numbersOf = ({ stages }: SanityCheck) =>
      stages.map(({ accuracy, values }) => ({ accuracy, values }))
    expect(numbersOf(resumed)).toEqual(numbersOf(check))
  })
})

describe('a network that is linear where it is used', () => {
  test.each(['predicted', 3] as const)(
    'has the likeness that follows from its weights: %s',
    async (target) => {
      const model = linearModel()
      const check = await run({ modelId: linear, methods: ['gi'], target })
      expect(check.request.target).toBe(target)
      const fresh = randomisedModel(model, 1, 1)
      let sum = 0
      for (const sampleId of [1, 2, 3, 4]) {
        const bytes = Uint8Array.from(await engine.bulk.sampleValues(sampleId))
        const { hidden, predicted, mapOf } = explainLinear(model, new Float32Array(bytes.buffer))
        for (const value of hidden) expect(value).toBeGreaterThan(0)
        const explained = target === 'predicted' ? predicted : target
        sum += slowPearson(slowRanks(mapOf(model, explained)), slowRanks(mapOf(fresh, explained)))
      }
      expect(check.stages[1]?.name).toBe('logits')
      expect(Math.abs(sum / 4)).toBeLessThan(0.95)
      expect(valueOf(check.stages[1], 'gi', 'spearman').mean).toBeCloseTo(sum / 4, 4)
    },
  )
})

describe('several draws of fresh weights', () => {
  test('are averaged, and their spread widens the interval', async () => {
    const singles = [await run({ seed: 5, count: 6 }), await run({ seed: 6, count: 6 })]
    const both = await run({ seed: 5, seeds: 2, count: 6 })
    expect(both.stageNames).toEqual(singles[0]?.stageNames)
    for (const [position, stage] of both.stages.entries()) {
      const alone = singles.map(({ stages }) => stages[position])
      const accuracies = alone.map((single) => single?.accuracy ?? NaN)
      expect(stage.accuracy).toBeCloseTo(meanOf(accuracies), 12)
      for (const metric of SANITY_METRICS) {
        const value = valueOf(stage, 'sa', metric)
        const parts = alone.map((single) => valueOf(single, 'sa', metric))
        const pairs = parts.reduce((sum, { count }) => sum + count, 0)
        expect(value.count).toBe(position === 0 ? 6 : pairs)
        expect(value.mean).toBeCloseTo(
          parts.reduce((sum, { mean, count }) => sum + (mean ?? 0) * count, 0) / pairs,
          9,
        )
      }
    }
    const [first, second] = singles.map(({ stages }) => valueOf(stages[2], 'sa', 'ssim').mean ?? NaN)
    const { low, high } = valueOf(both.stages[2], 'sa', 'ssim')
    expect((high ?? NaN) - (low ?? NaN)).toBeGreaterThan(Math.abs((first ?? NaN) - (second ?? NaN)))
    const lines = (await engine.bulk.sanityTable(both.id)).split('\n')
    expect(lines[0]).toContain(',seed,seeds,')
    expect(lines[1]).toContain(',fresh weights,5,2,')
  })

  test('come from the part of the data that is asked for', async () => {
    const part = { split: 'validation', fold: 2, count: 2 } as const
    const checks = [await run({ ...part, sampleSeed: 8 }), await run({ ...part, sampleSeed: 9 })]
    const [one, other] = checks.map(({ stages }) => valueOf(stages[2], 'sa', 'ssim').mean)
    expect(one).not.toBe(other)
    expect(checks[1]?.request).toMatchObject({ ...part, sampleSeed: 9 })
  })
})

describe('another model', () => {
  test('is compared in a stage of its own', async () => {
    const check = await run({ againstId: rlstm, methods: ['dtd'], count: 12, seeds: 3 })
    expect(check.stageNames).toEqual(['original', 'rlstm-mnist-3-digits-maj-seq-12-fold-1'])
    expect(check.request.seeds).toBe(1)
    expect(check.stages[1]?.accuracy).toBeGreaterThan(0.8)
    const { mean, count } = valueOf(check.stages[1], 'dtd', 'spearman')
    expect(count).toBe(12)
    expect(mean).toBeLessThan(0.99)
  })

  test('is explained for the class that the model itself predicts', async () => {
    const check = await run({ againstId: rlstm, methods: ['dtd'], target: 'predicted' })
    expect(valueOf(check.stages[0], 'dtd', 'spearman').mean).toBeCloseTo(1, 12)
  })
})

describe('models that began with the same initial weights', () => {
  test('are compared with a warning', async () => {
    const made = (name: string, seed: string) =>
      importModel({ ...linearModel(), name, metadata: { dataset: 'mnist-3-digits-maj', seed } })
    const [one, same, other] = [await made('one', '3'), await made('same', '3'), await made('other', '4')]
    const warned = await run({ modelId: one, againstId: same, methods: ['random'], count: 1 })
    expect(warned.warnings).toEqual([expect.stringContaining('same initial weights (seed 3)')])
    const fine = await run({ modelId: one, againstId: other, methods: ['random'], count: 1 })
    expect(fine.warnings).toEqual([])
    expect(fine.request.methods).toEqual(['random'])
  })
})

describe('refuses, and stores nothing of,', () => {
  const shaped = { ...linearModel(5), name: 'five' }
  test.each<[string, () => Promise<Partial<CallInput<'sanity.start'>>>, RegExp]>([
    ['an unknown method', () => Promise.resolve({ methods: ['grad_cam'] }), /grad_cam/],
    ['an unknown model', () => Promise.resolve({ modelId: 99 }), /no model 99/],
    ['a model against itself', () => Promise.resolve({ againstId: deep }), /itself/],
    [
      'a model of another shape',
      async () => ({ againstId: await importModel(shaped) }),
      /10 classes.*5 classes/,
    ],
    [
      'a class that the model lacks',
      async () => ({ modelId: await importModel(shaped), target: 5 }),
      /the target 5 for the model five.*a class from 0 to 4/,
    ],
    [
      'maps from elsewhere',
      () => Promise.resolve({ methods: ['import:shap'] }),
      /import:shap.*computed elsewhere/,
    ],
  ])('%s', async (_, change, message) => {
    const wanted = await change()
    const before = await handlers['jobs.list']({ limit: 500 })
    await expect(async () => start(wanted)).rejects.toThrow(message)
    expect(await handlers['jobs.list']({ limit: 500 })).toEqual(before)
  })
})

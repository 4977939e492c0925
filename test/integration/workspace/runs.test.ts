import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { insertMaps, listMaps, type NewMap } from '../../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import {
  countPresentMaps,
  getRun,
  insertRun,
  missingMaps,
  type RunPlan,
} from '../../../src/engine/workspace/runs.ts'
import { ensureSampleSet, insertSamples, listSamples } from '../../../src/engine/workspace/samples.ts'
import { countMaps } from '../../../src/engine/workspace/scores.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const SIZE = { rows: 4, columns: 12 }
let made = 0

function world() {
  const workspace = openWorkspace(join(folder, `runs-${(made += 1)}.heatproof`), { create: true })
  const plan = fillWorkspace(workspace, {
    samples: 6,
    ...SIZE,
    methods: ['sa', 'dtd'],
    architectures: [{ architecture: 'deep' }],
  })
  const [modelId = 0] = plan.modelIds
  return { database: workspace.database, plan, modelId }
}

const mapOf = (sampleId: number, change: Partial<NewMap> = {}): NewMap => ({
  sampleId,
  method: 'gb',
  target: 3,
  targetKind: 'label',
  seed: 0,
  values: new Float32Array(48).fill(1),
  logit: 1,
  started: null,
  total: 48,
  absolute: 48,
  low: 1,
  high: 1,
  conservation: null,
  state: 'ok',
  shares: [1 / 3, 1 / 3, 1 / 3],
  sharesPositive: [1 / 3, 1 / 3, 1 / 3],
  ...change,
})

describe('what is left to compute', () => {
  test('is nothing for what is there, and what was added to the plan', () => {
    const { database, plan, modelId } = world()
    expect(missingMaps(database, plan)).toEqual([])
    const wider: RunPlan = { ...plan, methods: ['dtd', 'gb', 'sa'] }
    expect(missingMaps(database, wider)).toEqual([
      { modelId, samples: [1, 2, 3, 4, 5, 6].map((sampleId) => ({ sampleId, methods: ['gb'] })) },
    ])
    expect(countPresentMaps(database, wider)).toBe(12)
    expect(countPresentMaps(database, { ...plan, sampleCount: 4 })).toBe(8)
    expect(countPresentMaps(database, { ...plan, seed: 1 })).toBe(0)
  })

  test('shrinks batch by batch', () => {
    const { database, plan, modelId } = world()
    const wider: RunPlan = { ...plan, methods: ['sa', 'gb'] }
    const labels = new Map(
      listSamples(database, plan.sampleSetId, { limit: 10 }).map(({ id, label }) => [id, label]),
    )
    const store = (ids: number[]) =>
      insertMaps(database, {
        runId: plan.runId,
        modelId,
        predictions: [],
        maps: ids.map((id) => mapOf(id, { target: labels.get(id) ?? -1 })),
      })
    expect(store([1, 2])).toEqual({ inserted: 2 })
    expect(store([2, 3])).toEqual({ inserted: 1 })
    expect(missingMaps(database, wider)[0]?.samples.map(({ sampleId }) => sampleId)).toEqual([4, 5, 6])
    expect(countPresentMaps(database, wider)).toBe(9)
  })

  test('follows the prediction where that is explained', () => {
    const { database, plan } = world()
    const samples = listSamples(database, plan.sampleSetId, { limit: 10 })
    const predicted = database.prepare('SELECT predicted FROM predictions ORDER BY sample_id').pluck().all()
    const wrong = samples.filter(({ label }, index) => predicted[index] !== label).map(({ id }) => id)
    expect(wrong).not.toEqual([])
    const missing = missingMaps(database, { ...plan, target: 'predicted' })
    expect(missing.flatMap(({ samples: rows }) => rows.map(({ sampleId }) => sampleId))).toEqual(wrong)
  })

  test('of a fixed class is every sample of another label, whatever the model predicts', () => {
    const { database, plan, modelId } = world()
    const samples = listSamples(database, plan.sampleSetId, { limit: 10 })
    const target = samples[0]?.label ?? -1
    const others = samples.filter(({ label }) => label !== target).map(({ id }) => id)
    const missing = () => missingMaps(database, { ...plan, target })[0]?.samples ?? []
    expect(others).not.toEqual([])
    expect(missing()).toEqual(others.map((sampleId) => ({ sampleId, methods: ['sa', 'dtd'] })))
    const maps = others.flatMap((id) =>
      ['sa', 'dtd'].map((method) => mapOf(id, { method, target, targetKind: 'class' })),
    )
    expect(insertMaps(database, { runId: plan.runId, modelId, predictions: [], maps }).inserted).toBe(
      maps.length,
    )
    expect(missing()).toEqual([])
    expect(countPresentMaps(database, { ...plan, target })).toBe(12)
    expect(countPresentMaps(database, { ...plan, target: (target + 1) % 10 })).toBeLessThan(12)
    const stored = database.prepare("SELECT DISTINCT target FROM maps WHERE target_kind = 'class'").pluck()
    expect(stored.all()).toEqual([target])
  })

  test('is everything of a model that has not predicted yet', () => {
    const { database, plan } = world()
    database.exec('DELETE FROM predictions')
    const missing = missingMaps(database, { ...plan, target: 'predicted' })
    expect(missing[0]?.samples).toHaveLength(6)
  })
})

describe('the target of a run', () => {
  test.each(['label', 'predicted', 0, 7, 12] as const)('%s is read back as it was stored', (target) => {
    const { database, plan } = world()
    const { request, ...run } = getRun(database, plan.runId) ?? expect.fail('no run')
    const id = insertRun(database, { ...run, request: { ...request, target }, target, jobId: null })
    expect(getRun(database, id)).toMatchObject({ target, request: { target } })
  })
})

describe('what was checked on a map', () => {
  test('is read back as it was stored, and is null where nothing was', () => {
    const { database, plan, modelId } = world()
    const checks = {
      kept: { epsilon: 0.125, bias: -0.25 },
      worstNode: { name: "relu 'hidden' (node 17)", error: 3e-7 },
    }
    const maps = [mapOf(1, { method: 'lrp_eps', checks }), mapOf(2, { method: 'lrp_eps' })]
    expect(insertMaps(database, { runId: plan.runId, modelId, predictions: [], maps }).inserted).toBe(2)
    const ids = database.prepare("SELECT id FROM maps WHERE method = 'lrp_eps' ORDER BY id").pluck().all()
    const stored = listMaps(database, ids.map(Number))
    expect(stored.map((map) => map.checks)).toEqual([checks, null])
  })
})

describe('a batch that cannot be stored', () => {
  const broken: [string, Partial<NewMap>][] = [
    ['an unknown sample', { sampleId: 999 }],
    ['an unknown state', { state: 'fine' as 'ok' }],
    ['a value that is no number', { total: NaN }],
  ]
  test.each(broken)('leaves nothing: %s', (_, change) => {
    const { database, plan, modelId } = world()
    const before = countMaps(database)
    const predictions = [{ sampleId: 6, predicted: 1, logits: new Float32Array(10) }]
    database.exec('DELETE FROM predictions WHERE sample_id = 6')
    expect(() =>
      insertMaps(database, { runId: plan.runId, modelId, predictions, maps: [mapOf(1), mapOf(2, change)] }),
    ).toThrow()
    expect(countMaps(database)).toBe(before)
    expect(database.prepare('SELECT count(*) FROM predictions WHERE sample_id = 6').pluck().get()).toBe(0)
    expect(database.prepare('SELECT count(*) FROM map_values').pluck().get()).toBe(before)
  })
})

describe('a sample set', () => {
  test('is one for one recipe, and grows without changing what it has', () => {
    const { database, plan } = world()
    const [first] = listSamples(database, plan.sampleSetId, { limit: 1 })
    if (first === undefined) throw new Error('no sample')
    const again = ensureSampleSet(database, {
      name: 'another name',
      dataset: 'mnist-3-digits-maj',
      split: 'test',
      fold: 1,
      items: 3,
      seed: 0,
      source: { files: [] },
    })
    expect(again).toMatchObject({ id: plan.sampleSetId, name: 'mnist-3-digits-maj, test, fold 1', count: 6 })
    const changed = { ...first, label: (first.label + 1) % 10 }
    expect(insertSamples(database, again.id, [changed, { ...first, position: 6 }])).toEqual({ inserted: 1 })
    const samples = listSamples(database, again.id, { limit: 10 })
    expect(samples).toHaveLength(7)
    expect(samples[0]).toEqual(first)
    expect(samples[6]).toEqual({ ...first, id: samples[6]?.id, position: 6 })
    expect(listSamples(database, again.id, { offset: 5, limit: 1 })).toEqual([samples[5]])
  })
})

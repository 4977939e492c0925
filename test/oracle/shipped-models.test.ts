import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { loadDataset } from '../../src/engine/data/datasets.ts'
import { planSequences } from '../../src/engine/data/majority-sequences.ts'
import { renderSequences } from '../../src/engine/data/sequence-images.ts'
import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import { evaluate, type LabelledSequences } from '../../src/engine/models/evaluate.ts'
import { readModel } from '../../src/engine/models/model.ts'
import { prepareModel, type PreparedModel } from '../../src/engine/models/prepared-model.ts'
import { BACKENDS_HERE } from './backends.ts'
import { smallestValue } from './compare.ts'
import { mapOf } from './explain-once.ts'

const MODELS = ['deep-mnist-3-digits-maj-seq-12-fold-1', 'rlstm-mnist-3-digits-maj-seq-12-fold-1']
const CONSERVING = ['dtd', 'lrp_a1.5b0.5', 'lrp_a2b1']
const METHODS = ['sa', 'sa_const_gates', 'gi', 'gb', 'gb_raw_gates', ...CONSERVING]

async function testSequences(count: number): Promise<LabelledSequences> {
  const { images, labels } = await loadDataset('mnist-3-digits-maj').test()
  const part = { dataset: 'mnist-3-digits-maj', split: 'test', fold: 1, folds: 5, seed: 1 } as const
  const plan = planSequences({ ...part, labels, count })
  return { count, labels: plan.labels, render: (indices) => renderSequences(plan, images, indices) }
}

describe.each(BACKENDS_HERE)('shipped models on real digits, on %s', (backend) => {
  let sequences: LabelledSequences

  beforeAll(async () => {
    await useBackend(backend)
    sequences = await testSequences(1000)
  })

  describe.each(MODELS)('%s', (name) => {
    let model: PreparedModel
    let explanation: BatchExplanation

    beforeAll(async () => {
      const path = new URL(`../../resources/models/${name}.safetensors`, import.meta.url)
      model = prepareModel(readModel(readFileSync(path), name))
      const indices = Uint32Array.from({ length: 100 }, (_, index) => index)
      const targets = Array.from(indices, (index) => sequences.labels[index] ?? 0)
      const batch = { images: sequences.render(indices), targets, sampleIndices: indices }
      explanation = await explainBatch(model, batch, METHODS)
      return () => model.dispose()
    })

    it('classifies them', async () => {
      expect(await evaluate(model, sequences)).toBeGreaterThan(0.96)
    })

    it.each(CONSERVING)('%s conserves relevance', (method) => {
      const { conservation, states } = explanation.methods.get(method) ?? { conservation: [NaN], states: [] }
      expect(Math.max(...conservation)).toBeLessThan(1e-5)
      expect(states.filter((state) => state === 'ok').length).toBeGreaterThan(90)
    })

    it('has no negative value where none may be', () => {
      for (const method of ['sa', 'sa_const_gates', 'gb', 'gb_raw_gates']) {
        expect(smallestValue(mapOf(explanation, method))).toBeGreaterThanOrEqual(0)
      }
      expect(smallestValue(mapOf(explanation, 'dtd'))).toBeGreaterThanOrEqual(-1e-6)
    })
  })
})

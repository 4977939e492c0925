import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { parseMethod } from '../../src/shared/methods.ts'
import { ARCHITECTURE_NAMES } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { readVector } from './vectors.ts'

const METHODS = [
  'sa',
  'gi',
  'gb',
  'gb_raw_gates',
  'dtd',
  'lrp_a1.5b0.5',
  'lrp_a2b1',
  'lrp_a1.5b0.5:plain',
  'lrp_a2b1:plain',
  'lrp_eps:0',
  'lrp_eps:0.01',
  'ig:64',
  'occlusion:3:3',
]

describe.each(BACKENDS_HERE)('vectors of an independent implementation, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    const vector = readVector(architecture)
    let explanation: BatchExplanation
    let tensorsLeft: number

    beforeAll(async () => {
      const model = prepareModel(vector.model)
      const batch = { images: vector.images, targets: vector.targets, sampleIndices: [0, 1, 2] }
      await explainBatch(model, batch, METHODS)
      const before = tf.memory().numTensors
      explanation = await explainBatch(model, batch, METHODS)
      tensorsLeft = tf.memory().numTensors - before
      model.dispose()
    })

    it('gives the same logits', () => {
      const bound = 1e-5 * largestValue(vector.logits)
      expect(largestDifference(explanation.logits, vector.logits)).toBeLessThan(bound)
    })

    it.each(METHODS)('gives the same %s maps', (method) => {
      const expected = vector.maps.get(method) ?? []
      const actual = explanation.methods.get(method)?.maps ?? []
      expect(actual).toHaveLength(expected.length)
      expect(largestDifference(actual, expected)).toBeLessThan(boundOf(method) * largestValue(expected))
    })

    it.each(['lrp_eps:0', 'lrp_eps:0.01'])('keeps the same part of %s', (method) => {
      const actual = explanation.methods.get(method)
      for (const part of ['epsilon', 'bias'] as const) {
        const expected = vector.kept[method]?.[part] ?? []
        const scale = largestValue(actual?.starts ?? [NaN])
        expect(largestDifference(actual?.kept?.[part] ?? [], expected)).toBeLessThan(1e-5 * scale)
      }
      expect(actual?.states).toEqual(expect.not.arrayContaining(['not_conserved', 'warning']))
    })

    it('leaves no tensor behind', () => {
      expect(tensorsLeft).toBe(0)
    })
  })

  afterAll(() => {
    tf.disposeVariables()
  })
})

/** `a / (a + epsilon)` turns the last bit of an activation near 0 into up to 1 / epsilon of it. */
function boundOf(method: string): number {
  const parsed = parseMethod(method)
  return parsed.family === 'lrp_eps' && parsed.epsilon > 0 ? Math.max(1e-5, 2 ** -23 / parsed.epsilon) : 1e-5
}

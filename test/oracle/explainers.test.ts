import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
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
      expect(largestDifference(actual, expected)).toBeLessThan(1e-5 * largestValue(expected))
    })

    it('leaves no tensor behind', () => {
      expect(tensorsLeft).toBe(0)
    })
  })

  afterAll(() => {
    tf.disposeVariables()
  })
})

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { explainBatch } from '../../src/engine/explainers/explain-batch.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { record, referenceMap } from './reference/explain.ts'
import { readVector } from './vectors.ts'

const ARCHITECTURES = ['shallow', 'deep', 'deep_v2', 'rlstm'] as const
const METHODS = [
  'sa',
  'gi',
  'sa_const_gates',
  'gb',
  'gb_raw_gates',
  'dtd',
  'lrp_a1b0:plain',
  'lrp_a1.5b0.5',
  'lrp_a1.5b0.5:plain',
  'lrp_a2b1',
  'lrp_a2b1:plain',
  'lrp_a3.25b2.25',
]

describe.each(ARCHITECTURES)('the reference loops for %s', (architecture) => {
  const vector = readVector(architecture)
  const [first = 0] = vector.targets
  const pixels = vector.model.rows * vector.model.columns

  it.each(METHODS.filter((method) => vector.maps.has(method)))(
    'agree with the published %s map',
    (method) => {
      const map = referenceMap(vector.model, vector.images.subarray(0, pixels), first, method)
      const expected = vector.maps.get(method)?.slice(0, pixels) ?? []
      expect(largestDifference(map, expected)).toBeLessThan(1e-6 * largestValue(expected))
    },
  )
})

describe.each(BACKENDS_HERE)('random networks on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(ARCHITECTURES)('%s: every map equals the one of the reference loops', async (architecture) => {
    const seeds = fc.integer({ min: 0, max: 1e6 })
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const model = randomModel(architecture, seed)
        const images = randomImages(2, seed)
        const targets = [seed % 3, (seed + 1) % 3]
        const prepared = prepareModel(model)
        const result = await explainBatch(prepared, { images, targets, sampleIndices: [0, 1] }, METHODS)
        prepared.dispose()
        const pixels = TOY_SIZES.rows * TOY_SIZES.columns
        for (const [n, target] of targets.entries()) {
          const image = images.subarray(n * pixels, (n + 1) * pixels)
          const { logits } = record(model, image)
          const own = result.logits.subarray(n * TOY_SIZES.classes, (n + 1) * TOY_SIZES.classes)
          expect(largestDifference(own, logits)).toBeLessThan(1e-5 * largestValue(logits))
          for (const method of METHODS) {
            const map = result.methods.get(method)?.maps.subarray(n * pixels, (n + 1) * pixels) ?? []
            const expected = referenceMap(model, image, target, method)
            const bound = 1e-5 * largestValue(expected) + 1e-12
            expect(largestDifference(map, expected), method).toBeLessThan(bound)
          }
        }
      }),
      { seed: 20, numRuns: 25 },
    )
  })
})

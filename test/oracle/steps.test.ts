import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { ARCHITECTURE_NAMES } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { explainOnce, mapOf } from './explain-once.ts'
import { randomImages, randomModel } from './random-model.ts'
import { record, referenceMap } from './reference/explain.ts'

/** Steps of a sequence of three items, and of others. */
const READINGS = [
  ...[1, 2, 4, 7, 12, 14, 28, 42, 84].map((steps) => ({ items: 3, steps })),
  { items: 1, steps: 4 },
  { items: 2, steps: 8 },
  { items: 8, steps: 32 },
]
const METHODS = ['gi', 'dtd']

describe.each(BACKENDS_HERE)('images of the real size on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    it.each(READINGS)('$items items in $steps steps', async ({ items, steps }) => {
      const sizes = { rows: 28, columns: 28 * items, steps, classes: 3 }
      const model = randomModel(architecture, 2, sizes)
      const image = randomImages(1, 2, sizes)
      const { logits } = record(model, image)
      const target = logits.indexOf(Math.max(...logits))
      const result = await explainOnce(model, image, [target], METHODS)
      const noise = 1e-6 * largestValue(logits)
      expect(largestDifference(result.logits, logits)).toBeLessThan(1e-5 * largestValue(logits))
      for (const method of METHODS) {
        const expected = referenceMap(model, image, target, method)
        const bound = 1e-5 * largestValue(expected) + noise
        expect(largestDifference(mapOf(result, method), expected), method).toBeLessThan(bound)
      }
    })
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { explainOnce, mapOf, PIXELS } from './explain-once.ts'
import { forSeeds } from './for-seeds.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { record, referenceMap } from './reference/explain.ts'
import { LAST_PLACE, sensitivityOf } from './reference/sensitivity.ts'
import { readVector } from './vectors.ts'

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
  'lrp_eps:0',
  'lrp_eps:0.01',
  'lrp_eps:0.3',
]
/** They take many passes a map, in the loops as in the engine. */
const PERTURBING = [
  'ig:64',
  'ig:5:0.25',
  'smoothgrad:3:0.2:mean:4',
  'smoothgrad:4:0.1',
  'occlusion:3:3',
  'occlusion:3:2',
  'occlusion:2:1',
  'occlusion:9:4',
]

describe.each(ARCHITECTURE_NAMES)('the reference loops for %s', (architecture) => {
  const vector = readVector(architecture)
  const [first = 0] = vector.targets
  const pixels = vector.model.rows * vector.model.columns

  it.each([...METHODS, ...PERTURBING].filter((method) => vector.maps.has(method)))(
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

  it.each(ARCHITECTURE_NAMES)('%s: every map equals the one of the reference loops', (architecture) =>
    forSeeds((seed) => expectReferenceMaps(architecture, seed, METHODS), 25),
  )

  it.each(ARCHITECTURE_NAMES)('%s: so do the maps of changed inputs', (architecture) =>
    forSeeds((seed) => expectReferenceMaps(architecture, seed, PERTURBING), 3),
  )
})

/** Of a map's largest value. */
const TOLERANCE = 1e-5
/**
 * Where rounding the weights alone moves the exact map further than that (the logit is nearly 0 beside the others, or parts of the map
 * cancel), so many times as far: there are a few roundings on the way.
 */
const ROUNDINGS = 4

async function expectReferenceMaps(
  architecture: ArchitectureName,
  seed: number,
  methods: readonly string[],
): Promise<void> {
  const model = randomModel(architecture, seed)
  const images = randomImages(2, seed)
  const targets = [seed % 3, (seed + 1) % 3]
  const result = await explainOnce(model, images, targets, methods)
  for (const [n, target] of targets.entries()) {
    const image = images.subarray(n * PIXELS, (n + 1) * PIXELS)
    const { logits } = record(model, image)
    const own = result.logits.subarray(n * TOY_SIZES.classes, (n + 1) * TOY_SIZES.classes)
    expect(largestDifference(own, logits)).toBeLessThan(1e-5 * largestValue(logits))
    for (const method of methods) {
      const map = mapOf(result, method).subarray(n * PIXELS, (n + 1) * PIXELS)
      const expected = referenceMap(model, image, target, method, n)
      const difference = largestDifference(map, expected)
      if (difference < TOLERANCE * largestValue(expected) + 1e-12) continue
      // A drop is a difference of two logits, each of them rounded.
      const ofDrops = method.startsWith('occlusion') ? LAST_PLACE * largestValue(logits) : 0
      const rounding = sensitivityOf(model, image, target, method, n) + ofDrops
      expect(difference, `${method} of seed ${seed}`).toBeLessThan(ROUNDINGS * rounding)
    }
  }
}

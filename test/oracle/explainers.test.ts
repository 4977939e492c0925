import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { parseMethod } from '../../src/shared/methods.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName, type BackendName } from '../../src/shared/names.ts'
import { ALL_BACKENDS_HERE, EXHAUSTIVE, isSlow } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { readVector } from './vectors.ts'
import { titled } from '../support/skip-reason.ts'

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

/** A method of 65 passes takes minutes on a slow backend; its passes are those of `sa`. */
function methodsOn(backend: BackendName): string[] {
  return isSlow(backend) && !EXHAUSTIVE ? METHODS.filter((method) => method !== 'ig:64') : METHODS
}

/** A GPU in software compiles every kernel first. */
const SLOW_TIMEOUT = 20 * 60_000

const explanations = new Map<BackendName, Map<ArchitectureName, BatchExplanation>>()

describe.each(ALL_BACKENDS_HERE)('vectors of an independent implementation, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
    explanations.set(backend, new Map())
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    const vector = readVector(architecture)
    const methods = methodsOn(backend)
    let explanation: BatchExplanation
    let tensorsLeft: number

    beforeAll(async () => {
      const model = prepareModel(vector.model)
      const batch = { images: vector.images, targets: vector.targets, sampleIndices: [0, 1, 2] }
      explanation = await explainBatch(model, batch, methods)
      explanations.get(backend)?.set(architecture, explanation)
      const before = tf.memory().numTensors
      await explainBatch(model, batch, isSlow(backend) ? ['dtd'] : methods)
      tensorsLeft = tf.memory().numTensors - before
      model.dispose()
    }, SLOW_TIMEOUT)

    it('gives the same logits', () => {
      const bound = 1e-5 * largestValue(vector.logits)
      expect(largestDifference(explanation.logits, vector.logits)).toBeLessThan(bound)
    })

    it.each(methods)('gives the same %s maps', (method) => {
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

describe('backends', () => {
  const alone = ALL_BACKENDS_HERE.length < 2
  it.skipIf(alone)(
    titled('agree within 1e-4 of the largest value of a map', alone, 'one backend is here'),
    () => {
      const differences = [...pairsOf(ALL_BACKENDS_HERE)].flatMap(differencesBetween)
      expect(differences.length).toBeGreaterThan(0)
      const largest = differences.reduce((most, other) => (other.difference > most.difference ? other : most))
      console.log(
        `largest difference between backends: ${largest.difference.toExponential(1)} (${largest.where})`,
      )
      for (const { difference, where } of differences) expect(difference, where).toBeLessThan(1e-4)
    },
  )
})

function* pairsOf<Item>(items: readonly Item[]): Generator<readonly [Item, Item]> {
  for (const [index, first] of items.entries()) {
    for (const second of items.slice(index + 1)) yield [first, second]
  }
}

/** Of every map that both made: the largest difference, in parts of the largest value. */
function differencesBetween([first, second]: readonly [BackendName, BackendName]) {
  return ARCHITECTURE_NAMES.flatMap((architecture) => {
    const [one, two] = [first, second].map((backend) => explanations.get(backend)?.get(architecture))
    return [...(one?.methods ?? [])].flatMap(([method, { maps }]) => {
      const other = two?.methods.get(method)?.maps
      if (other === undefined) return []
      const where = `${method} of ${architecture}, ${first} and ${second}`
      return [{ where, difference: largestDifference(other, maps) / largestValue(maps) }]
    })
  })
}

/** `a / (a + epsilon)` turns the last bit of an activation near 0 into up to 1 / epsilon of it. */
function boundOf(method: string): number {
  const parsed = parseMethod(method)
  return parsed.family === 'lrp_eps' && parsed.epsilon > 0 ? Math.max(1e-5, 2 ** -23 / parsed.epsilon) : 1e-5
}

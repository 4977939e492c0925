import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { withConstantGates } from '../../src/engine/explainers/gradients.ts'
import { recordForward, type Forward } from '../../src/engine/models/forward.ts'
import { gradientRules } from '../../src/engine/models/gradient.ts'
import { oneHot } from '../../src/engine/models/one-hot.ts'
import { prepareModel, type PreparedModel } from '../../src/engine/models/prepared-model.ts'
import { onlyPart, propagate } from '../../src/engine/models/propagate.ts'
import { ARCHITECTURE_NAMES } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { explainOnce, mapOf, PIXELS } from './explain-once.ts'
import { forSeeds } from './for-seeds.ts'
import { ALIVE_SEED, randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { record } from './reference/explain.ts'
import { changedModel, permutedUnits, scaledLogits, withoutBlocks } from './changed-model.ts'
import { titled } from '../support/skip-reason.ts'

const CONSERVING = ['dtd', 'lrp_a1.5b0.5', 'lrp_a2b1']
const ALL = ['sa', 'gi', 'sa_const_gates', 'gb', 'gb_raw_gates', ...CONSERVING]
/** Sixteen steps of float32: with alpha = 2 the parts of a map may be hundreds of times its sum, and each is rounded. */
const ROUNDING = 2e-6
const COUNT = 3
const TARGETS = [0, 1, 2]

describe.each(BACKENDS_HERE)('invariants on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    it('conserves relevance in total and never lets a dtd, sa or gb map be negative', () =>
      forSeeds(async (seed) => {
        const images = randomImages(COUNT, seed)
        const result = await explainOnce(randomModel(architecture, seed), images, TARGETS, ALL)
        for (const method of CONSERVING) {
          TARGETS.forEach((target, n) => {
            const start = Math.max(result.logits[n * TOY_SIZES.classes + target] ?? NaN, 0)
            const map = [...mapOf(result, method)].slice(n * PIXELS, (n + 1) * PIXELS)
            const [sum, size] = [sumOf(map), sumOf(map.map(Math.abs))]
            expect(Math.abs(sum - start), method).toBeLessThanOrEqual(ROUNDING * size)
            expect(result.methods.get(method)?.states[n]).toBe(
              start === 0 ? 'no_evidence' : Math.abs(sum - start) / start > 1e-5 ? 'warning' : 'ok',
            )
          })
        }
        for (const method of ['sa', 'sa_const_gates', 'gb', 'gb_raw_gates']) {
          expect(Math.min(...mapOf(result, method))).toBeGreaterThanOrEqual(0)
        }
        expect(Math.min(...mapOf(result, 'dtd'))).toBeGreaterThanOrEqual(-1e-6)
      }))

    it('f = sum of x df/dx and b df/db with constant gates (C1)', () =>
      forSeeds(async (seed) => {
        const model = prepareModel(randomModel(architecture, seed))
        const forward = recordForward(model, randomImages(COUNT, seed))
        const parts = tf.tidy(() => inputAndBiasParts(forward, model))
        const total = await parts.data<'float32'>()
        parts.dispose()
        const logits = await forward.logits.value.data()
        TARGETS.forEach((target, n) => {
          const f = logits[n * TOY_SIZES.classes + target] ?? NaN
          expect(Math.abs((total[n] ?? NaN) - f)).toBeLessThan(1e-5 * largestValue(logits))
        })
        forward.tape.dispose()
        model.dispose()
      }))

    it('the gradient agrees with central differences in float64 (C11)', () =>
      forSeeds(async (seed) => {
        const model = randomModel(architecture, seed)
        const image = randomImages(1, seed).map((x) => 0.99 * x)
        const result = await explainOnce(model, image, [1], ['gi'])
        const step = 1e-6
        const logitAt = (i: number, by: number) =>
          record(
            model,
            Array.from(image, (x, k) => (k === i ? x + by : x)),
          ).logits[1] ?? NaN
        const expected = Array.from(
          image,
          (x, i) => (x * (logitAt(i, step) - logitAt(i, -step))) / (2 * step),
        )
        expect(largestDifference(mapOf(result, 'gi'), expected)).toBeLessThan(
          1e-5 * largestValue(expected) + 1e-8,
        )
      }, 6))

    it('a batch equals single runs, in any order', () =>
      forSeeds(async (seed) => {
        const model = randomModel(architecture, seed)
        const images = randomImages(COUNT, seed)
        const batch = await explainOnce(model, images, TARGETS, [...ALL, 'random:5'])
        for (const n of [2, 0, 1]) {
          const image = images.slice(n * PIXELS, (n + 1) * PIXELS)
          const single = await explainOnce(model, image, [TARGETS[n] ?? 0], [...ALL, 'random:5'], [n])
          for (const method of [...ALL, 'random:5']) {
            const own = mapOf(batch, method).subarray(n * PIXELS, (n + 1) * PIXELS)
            const alone = mapOf(single, method)
            // A product of one row sums in another order: float32 noise of the logit is noise of the whole map.
            const scale = largestValue(alone) + largestValue(single.logits)
            expect(largestDifference(own, alone), method).toBeLessThanOrEqual(1e-6 * scale)
          }
        }
      }, 5))

    it('scaling the logits scales the maps (C6)', () =>
      forSeeds(async (seed) => {
        const model = randomModel(architecture, seed)
        const images = randomImages(COUNT, seed)
        const methods = ['sa', 'gi', 'gb', 'dtd', 'lrp_a1.5b0.5:plain']
        const before = await explainOnce(model, images, TARGETS, methods)
        const after = await explainOnce(scaledLogits(model, 3), images, TARGETS, methods)
        for (const method of methods) {
          const factor = method === 'sa' || method === 'gb' ? 9 : 3
          const expected = mapOf(before, method).map((value) => factor * value)
          expect(largestDifference(mapOf(after, method), expected), method).toBeLessThanOrEqual(
            2e-5 * largestValue(expected),
          )
        }
      }, 6))

    it('permuting hidden units changes nothing (C8)', () =>
      forSeeds(async (seed) => {
        const model = randomModel(architecture, seed)
        const images = randomImages(COUNT, seed)
        const before = await explainOnce(model, images, TARGETS, ALL)
        const after = await explainOnce(permutedUnits(model), images, TARGETS, ALL)
        for (const method of ALL) {
          const expected = mapOf(before, method)
          // Sums in another order: where a logit nearly cancels, its float32 noise is noise of the whole map.
          const bound = 1e-5 * largestValue(expected) + 1e-6 * largestValue(before.logits)
          expect(largestDifference(mapOf(after, method), expected), method).toBeLessThanOrEqual(bound)
        }
      }, 6))

    it('without recurrent weights only the last step has relevance (C8)', async () => {
      const methods = ['sa', 'gb', 'lrp_a1b0:plain', 'lrp_a2b1:plain']
      const width = TOY_SIZES.columns / TOY_SIZES.steps
      const largest = new Map<string, number>()
      for (let seed = 0; seed < 16; seed += 1) {
        const feedForward = withoutBlocks(
          randomModel(architecture, seed),
          (layer, source) => ['state', layer].includes(source) || (source === 'h' && layer !== 'logits'),
        )
        const model = changedModel(feedForward, (name, values) =>
          name === 'lstm.f.bias' ? values.map(() => -200) : values,
        )
        const result = await explainOnce(model, randomImages(COUNT, seed), TARGETS, methods)
        for (const method of methods) {
          const maps = mapOf(result, method)
          largest.set(method, Math.max(largest.get(method) ?? 0, largestValue(maps)))
          const early = maps.filter((_, i) => i % TOY_SIZES.columns < TOY_SIZES.columns - width)
          expect(largestValue(early), method).toBe(0)
        }
      }
      for (const method of methods) expect(largest.get(method), method).toBeGreaterThan(0)
    })

    it('guided backprop equals the gradient when no weight is negative (C12)', () =>
      forSeeds(async (seed) => {
        const model = changedModel(randomModel(architecture, seed), (name, values) =>
          name.endsWith('.weight') ? values.map(Math.abs) : values,
        )
        const methods = ['sa', 'sa_const_gates', 'gb', 'gb_raw_gates']
        const result = await explainOnce(model, randomImages(COUNT, seed), TARGETS, methods)
        expect(mapOf(result, 'gb_raw_gates')).toEqual(mapOf(result, 'sa'))
        expect(mapOf(result, 'gb')).toEqual(mapOf(result, 'sa_const_gates'))
      }, 4))

    it('the same seed gives the same bytes, and every option changes the result (C14)', async () => {
      const methods = [...ALL, 'lrp_a2b1:plain', 'random', 'random:1']
      const run = () => explainOnce(randomModel(architecture, 5), randomImages(COUNT, 5), TARGETS, methods)
      const [first, second] = [await run(), await run()]
      for (const method of methods) expect(mapOf(first, method)).toEqual(mapOf(second, method))
      for (const [one, other] of [
        ['dtd', 'lrp_a1.5b0.5'],
        ['lrp_a1.5b0.5', 'lrp_a2b1'],
        ['lrp_a2b1', 'lrp_a2b1:plain'],
        ['random', 'random:1'],
        ['sa', 'gb_raw_gates'],
      ] as const) {
        expect(mapOf(first, one)).not.toEqual(mapOf(first, other))
      }
    })

    it.each([
      ['black', -1],
      ['white', 1],
    ])('an all-%s image gives finite, conserved maps (C15)', async (_, value) => {
      const images = new Float32Array(COUNT * PIXELS).fill(value)
      const result = await explainOnce(randomModel(architecture, 8), images, TARGETS, ALL)
      for (const method of CONSERVING) {
        expect(Math.max(...(result.methods.get(method)?.conservation ?? [NaN]))).toBeLessThan(1e-5)
      }
    })

    it('weights of 0 give no evidence and maps of 0 (C15)', async () => {
      const model = changedModel(randomModel(architecture, 8), (name, values) =>
        name.endsWith('.weight') ? values.map(() => 0) : values,
      )
      const result = await explainOnce(model, randomImages(COUNT, 8), TARGETS, ALL)
      for (const method of ALL) expect(largestValue(mapOf(result, method))).toBe(0)
      for (const method of CONSERVING) {
        expect(result.methods.get(method)?.states).toEqual(TARGETS.map(() => 'no_evidence'))
      }
    })
  })
})

/** For each sample `sum x df/dx + sum b df/db`, gates being constants. */
function inputAndBiasParts({ tape, logits }: Forward, model: PreparedModel): tf.Tensor {
  const rules = withConstantGates(gradientRules(tape))
  const biasParts: tf.Tensor1D[] = []
  const start = [oneHot(TARGETS, TOY_SIZES.classes)]
  const arrived = propagate(tape, logits, start, rules, (node, flow) => {
    if (node.operation === 'linear' || node.operation === 'joint') return
    const parts = tf.sum<tf.Tensor1D>(tf.mul(onlyPart(flow), model.weights.bias(node.layer)), 1)
    const stacked = parts.shape[0] > COUNT
    biasParts.push(stacked ? tf.sum(tf.reshape(parts, [TOY_SIZES.steps, COUNT]), 0) : parts)
  })
  if (arrived === undefined) throw new Error('nothing arrived at the pixels')
  const inputs = tf.sum(tf.mul(tape.pixels.value, arrived), 1)
  const inputPart = tf.sum(tf.reshape(inputs, [TOY_SIZES.steps, COUNT]), 0)
  return biasParts.reduce((total, part) => tf.add(total, part), inputPart)
}

describe('backends', () => {
  const alone = BACKENDS_HERE.length < 2
  it.skipIf(alone).each(ARCHITECTURE_NAMES)(
    titled('agree with each other within 1e-4 of the largest value, %s', alone, 'one backend is here'),
    async (architecture) => {
      const results = []
      for (const backend of BACKENDS_HERE) {
        await useBackend(backend)
        results.push(
          await explainOnce(
            randomModel(architecture, ALIVE_SEED),
            randomImages(COUNT, ALIVE_SEED),
            TARGETS,
            ALL,
          ),
        )
      }
      const [first, ...others] = results
      if (first === undefined) return
      for (const other of others) {
        for (const method of ALL) {
          const expected = mapOf(first, method)
          expect(largestDifference(mapOf(other, method), expected)).toBeLessThan(
            1e-4 * largestValue(expected),
          )
        }
      }
    },
  )
})

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { BACKENDS_HERE } from './backends.ts'
import { changedModel, scaledLogits } from './changed-model.ts'
import { largestDifference, largestValue, smallestValue } from './compare.ts'
import { explainOnce, mapOf, PIXELS } from './explain-once.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { readVector } from './vectors.ts'

const ARCHITECTURES = ['shallow', 'deep', 'rlstm', 'convrlstm_lateral'] as const
const SIGNED = [
  'lrp_eps:0',
  'lrp_eps',
  'ig',
  'ig:9:0.5',
  'smoothgrad:5:0.2:mean:3',
  'occlusion:2',
  'occlusion:3:2',
]
const NEW = [...SIGNED, 'smoothgrad:5', 'smoothgrad:4:0.1:squared:7']
const COUNT = 3
const TARGETS = [0, 1, 2]

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5) {
  expect(largestDifference(actual, expected)).toBeLessThan(tolerance * largestValue(expected))
}

describe.each(BACKENDS_HERE)('invariants of attributions on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURES)('%s', (architecture) => {
    const vector = readVector(architecture)

    it('epsilon 0 is x * gradient with constant gates, and biases keep the rest (C1)', async () => {
      const { images, targets, model } = vector
      const result = await explainOnce(model, images, targets, ['lrp_eps:0', 'gi'])
      const { sums, kept, starts, states, conservation } = result.methods.get('lrp_eps:0') ?? {}
      const size = images.length / targets.length
      targets.forEach((_, n) => {
        const start = starts?.[n] ?? NaN
        const absolute = mapOf(result, 'lrp_eps:0')
          .subarray(n * size, (n + 1) * size)
          .reduce((sum, value) => sum + Math.abs(value), 0)
        expect(states?.[n] === 'no_evidence').toBe(start === 0)
        // A map that cancels to a three-hundredth of its size cannot sum up to the start more exactly than it is rounded.
        expect((conservation?.[n] ?? NaN) * start).toBeLessThanOrEqual(1e-6 * start + 2 ** -22 * absolute)
        expect(kept?.epsilon[n]).toBe(0)
        const rest = (starts?.[n] ?? NaN) - (sums?.[n] ?? NaN)
        expect(Math.abs((kept?.bias[n] ?? NaN) - rest)).toBeLessThan(1e-5 * largestValue(starts ?? []))
      })
      if (architecture.includes('rlstm')) return
      const pixels = images.length / targets.length
      const expected = Array.from(mapOf(result, 'gi'), (value, i) =>
        starts?.[Math.floor(i / pixels)] === 0 ? 0 : value,
      )
      expectClose(mapOf(result, 'lrp_eps:0'), expected)
    })

    it('a batch equals single runs (C8), and the same seed gives the same bytes (C14)', async () => {
      const model = randomModel(architecture, 11)
      const images = randomImages(COUNT, 11)
      const batch = await explainOnce(model, images, TARGETS, NEW, [5, 6, 7])
      const again = await explainOnce(model, images, TARGETS, NEW, [5, 6, 7])
      for (const method of NEW) expect(mapOf(again, method), method).toEqual(mapOf(batch, method))
      for (const n of [2, 0]) {
        const image = images.slice(n * PIXELS, (n + 1) * PIXELS)
        const single = await explainOnce(model, image, [TARGETS[n] ?? 0], NEW, [5 + n])
        for (const method of NEW) {
          const own = mapOf(batch, method).subarray(n * PIXELS, (n + 1) * PIXELS)
          const scale = largestValue(mapOf(single, method)) + largestValue(single.logits)
          expect(largestDifference(own, mapOf(single, method)), method).toBeLessThanOrEqual(2e-6 * scale)
        }
      }
    })

    it('scaling the logits scales the maps (C6)', async () => {
      const methods = NEW.filter((method) => method !== 'lrp_eps')
      const { model, images, targets } = vector
      const before = await explainOnce(model, images, targets, methods)
      const after = await explainOnce(scaledLogits(model, 3), images, targets, methods)
      for (const method of methods) {
        const factor = SIGNED.includes(method) ? 3 : 9
        const expected = mapOf(before, method).map((value) => factor * value)
        const scale = method.startsWith('occlusion')
          ? 3 * largestValue(before.logits)
          : largestValue(expected)
        expect(largestDifference(mapOf(after, method), expected), method).toBeLessThanOrEqual(2e-5 * scale)
      }
    })

    it('every option changes the result (C14)', async () => {
      const { model, images, targets } = vector
      const pairs = [
        ['lrp_eps:0', 'lrp_eps:0.01'],
        ['ig:8', 'ig:9'],
        ['ig:8', 'ig:8:0'],
        ['smoothgrad:4', 'smoothgrad:5'],
        ['smoothgrad:4', 'smoothgrad:4:0.2'],
        ['smoothgrad:4', 'smoothgrad:4:0.15:mean'],
        ['smoothgrad:4', 'smoothgrad:4:0.15:squared:1'],
        ['occlusion:4', 'occlusion:3'],
        ['occlusion:4', 'occlusion:4:2'],
      ] as const
      const result = await explainOnce(model, images, targets, [...new Set(pairs.flat())])
      for (const [one, other] of pairs) {
        expect(largestDifference(mapOf(result, one), mapOf(result, other)), other).toBeGreaterThan(0)
      }
    })

    it('one copy without noise is the gradient; squares are never negative', async () => {
      const { model, images, targets } = vector
      const result = await explainOnce(model, images, targets, ['sa', 'smoothgrad:1:0', 'smoothgrad:6'])
      expect(mapOf(result, 'smoothgrad:1:0')).toEqual(mapOf(result, 'sa'))
      expect(smallestValue(mapOf(result, 'smoothgrad:6'))).toBeGreaterThanOrEqual(0)
    })

    it('integrated gradients are complete, the more the finer (C10)', async () => {
      const { model, images, targets } = vector
      const result = await explainOnce(model, images, targets, ['ig:8', 'ig:64', 'ig:256'])
      const error = (method: string) => largestValue(result.methods.get(method)?.conservation ?? [NaN])
      expect(error('ig:64')).toBeLessThan(0.01)
      expect(result.methods.get('ig:64')?.states).toEqual(targets.map(() => 'ok'))
      expect(error('ig:256')).toBeLessThan(error('ig:8') / 8)
    })
  })

  it('no weight, no attribution (C15)', async () => {
    const model = changedModel(randomModel('deep', 8), (name, values) =>
      name.endsWith('.weight') ? values.map(() => 0) : values,
    )
    const result = await explainOnce(model, randomImages(COUNT, 8), TARGETS, NEW)
    for (const method of NEW) expect(largestValue(mapOf(result, method)), method).toBe(0)
    expect(result.methods.get('lrp_eps')?.states).toEqual(TARGETS.map(() => 'no_evidence'))
    expect(TOY_SIZES.classes).toBe(TARGETS.length)
  })
})

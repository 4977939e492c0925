import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import {
  boxRelevance,
  ratioToNegative,
  ratioToNegativeOrZero,
  ratioToPositive,
} from '../../../src/engine/explainers/rules.ts'
import { boxPart } from '../../../src/engine/models/weight-parts.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'

/** Closed form A11 and A12: 4 inputs, 3 units. */
const WEIGHT = [
  [-0.25, -0.55, 0.3],
  [0.45, 0.15, -0.15],
  [0, -0.3, 0.55],
  [-0.45, 0.4, 0.1],
]
const RELEVANCE = [[1, 2, 3]]

/** The values of a tensor that is no longer needed; a GPU gives them only later. */
async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  return values
}

function alphaBeta(x: number[][], alpha: number, floor: number): Promise<Float32Array> {
  const relevance = tf.tidy(() => {
    const input = tf.tensor2d(x)
    const relevance = tf.tensor2d(RELEVANCE)
    const up = tf.maximum<tf.Tensor2D>(tf.tensor2d(WEIGHT), floor)
    const down = tf.minimum<tf.Tensor2D>(tf.tensor2d(WEIGHT), -floor)
    const toNegative = floor > 0 ? ratioToNegative : ratioToNegativeOrZero
    const spent = tf.matMul(ratioToPositive(relevance, tf.matMul(input, up)), tf.mul(up, alpha), false, true)
    const owed = tf.matMul(
      toNegative(relevance, tf.matMul(input, down)),
      tf.mul(down, 1 - alpha),
      false,
      true,
    )
    const coefficient = alpha > 1 ? tf.add(spent, owed) : spent
    return tf.mul(input, coefficient)
  })
  return valuesOf(relevance)
}

async function box(
  x: number[][],
  low: number,
  high: number,
): Promise<{ relevance: Float32Array; denominators: Float32Array }> {
  const tensors = tf.tidy(() => {
    const weight = tf.tensor2d(WEIGHT)
    const part = boxPart(weight, low, high) as tf.Tensor2D
    const denominators = tf.add<tf.Tensor2D>(tf.matMul(tf.tensor2d(x), weight), tf.sum(part, 0))
    const ratio = ratioToPositive(tf.tensor2d(RELEVANCE), denominators)
    const relevance = boxRelevance(
      tf.tensor2d(x),
      tf.matMul(ratio, weight, false, true),
      tf.matMul(ratio, part, false, true),
    )
    return { relevance, denominators }
  })
  return {
    relevance: await valuesOf(tensors.relevance),
    denominators: await valuesOf(tensors.denominators),
  }
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits = 5): void {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, digits))
}

describe.each(BACKENDS_HERE)('rules on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
    // WebGPU would leave so few values to the processor.
    if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false)
  })

  describe('alpha-beta (A11)', () => {
    const x = [[0.5, 0, 1, 2]]

    it('z+ without floors loses the relevance of a unit without positive flow', async () => {
      const relevance = await alphaBeta(x, 1, 0)
      expectClose(relevance, [0.5, 0, 1.833333, 2.666667])
      expect(sum(relevance)).toBeCloseTo(5, 5)
    })

    it('alpha 1.5 without floors conserves the total by accident', async () => {
      const relevance = await alphaBeta(x, 1.5, 0)
      expectClose(relevance, [0.210764, 0, 2.228261, 3.560976])
      expect(sum(relevance)).toBeCloseTo(6, 5)
    })

    it('alpha 2 without floors grows the total', async () => {
      expect(sum(await alphaBeta(x, 2, 0))).toBeCloseTo(7, 5)
    })

    it.each([1, 1.5, 2, 3.5])('alpha %d with floors conserves the total', async (alpha) => {
      expect(sum(await alphaBeta(x, alpha, 1e-9))).toBeCloseTo(6, 5)
    })

    it('with floors a unit without positive flow spreads its relevance in proportion to its inputs', async () => {
      const lost = Array.from(
        await alphaBeta(x, 1, 1e-9),
        (value, i) => value - ([0.5, 0, 1.833333, 2.666667][i] ?? 0),
      )
      expectClose(lost, [0.5 / 3.5, 0, 1 / 3.5, 2 / 3.5])
    })

    it('is affine in alpha (C5)', async () => {
      const [one, between, two] = await Promise.all([1, 1.5, 2].map((alpha) => alphaBeta(x, alpha, 1e-9)))
      expectClose(
        two ?? [],
        Array.from(between ?? [], (value, i) => 2 * value - (one?.[i] ?? NaN)),
      )
    })

    it('passes nothing from inputs that are all 0', async () => {
      expectClose(await alphaBeta([[0, 0, 0, 0]], 2, 0), [0, 0, 0, 0])
    })
  })

  describe('z-B (A12)', () => {
    it('gives the closed form on [-1, 1]', async () => {
      const { relevance, denominators } = await box([[-1, 1, 0.2, -0.4]], -1, 1)
      expectClose(relevance, [1.416518185, 0.76249869, 3.005319149, 0.815663977])
      expectClose(denominators, [2.03, 1.88, 0.72])
    })

    it('gives a black image 2 |w-|', async () => {
      const { relevance } = await box([[-1, -1, -1, -1]], -1, 1)
      expectClose(relevance, [1.651260504, 3, 0.705882353, 0.642857143])
    })

    it('does not change when box and input move together (C4)', async () => {
      const { relevance } = await box([[0, 1, 0.6, 0.3]], 0, 1)
      expectClose(relevance, [1.416518185, 0.76249869, 3.005319149, 0.815663977])
    })
  })

  describe('ratios', () => {
    const ratio = async (
      rule: (value: tf.Tensor2D, denominator: tf.Tensor2D) => tf.Tensor2D,
      value: number,
      denominator: number,
    ) => {
      const quotient = tf.tidy(() => rule(tf.tensor2d([[value]]), tf.tensor2d([[denominator]])))
      return (await valuesOf(quotient))[0]
    }

    it('are 0 where nothing flowed', async () => {
      expect(await ratio(ratioToPositive, 0, 0)).toBe(0)
      expect(await ratio(ratioToNegative, 0, 0)).toBeCloseTo(0)
      expect(await ratio(ratioToNegativeOrZero, 3, 0)).toBeCloseTo(0)
    })

    it.each([1e-30, 1e-20, 1e-9, 1, 1e9])('divide exactly by ±%d', async (denominator) => {
      const expected = Math.fround(Math.fround(denominator / 2) / Math.fround(denominator))
      expect(await ratio(ratioToPositive, denominator / 2, denominator)).toBeCloseTo(expected, 6)
      expect(await ratio(ratioToNegative, denominator / 2, -denominator)).toBeCloseTo(-expected, 6)
      expect(await ratio(ratioToNegativeOrZero, denominator / 2, -denominator)).toBeCloseTo(-expected, 6)
    })
  })
})

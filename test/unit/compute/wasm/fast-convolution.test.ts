import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { seededGenerator } from '../../../../src/shared/seeds.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

const FLOAT32_STEP = 2 ** -23

interface Sizes {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly kernel: readonly [rows: number, columns: number]
  readonly units: number
  readonly pad: readonly [top: number, bottom: number, left: number, right: number]
  readonly seed: number
}

const side = fc.integer({ min: 1, max: 5 })
const border = fc.integer({ min: 0, max: 6 })
/** Of all sizes whose output has a cell, with borders wider than the kernel among them. */
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    count: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.integer({ min: 1, max: 9 }),
    kernel: fc.tuple(side, side),
    units: fc.integer({ min: 1, max: 17 }),
    pad: fc.tuple(border, border, border, border),
    seed: fc.nat(),
  })
  .filter((drawn) => outputOf(drawn).every((length) => length > 0))

function outputOf({ height, width, kernel: [rows, columns], pad: [top, bottom, left, right] }: Sizes) {
  return [height + top + bottom - rows + 1, width + left + right - columns + 1] as const
}

interface Data {
  readonly images: Float32Array
  readonly kernel: Float32Array
  readonly gradients: Float32Array
}

function dataOf(drawn: Sizes): Data {
  const { count, height, width, channels, kernel, units } = drawn
  const [outHeight, outWidth] = outputOf(drawn)
  const generator = seededGenerator(drawn.seed, 'convolution')
  const noise = (length: number) => Float32Array.from({ length }, () => 2 * generator.float() - 1)
  return {
    images: noise(count * height * width * channels),
    kernel: noise(kernel[0] * kernel[1] * channels * units),
    gradients: noise(count * outHeight * outWidth * units),
  }
}

/** What the backend makes of them. */
function computed(drawn: Sizes, { images, kernel, gradients }: Data) {
  const { count, height, width, channels, units, pad } = drawn
  const x = tf.tensor4d(images, [count, height, width, channels])
  const filterShape: [number, number, number, number] = [...drawn.kernel, channels, units]
  const filter = tf.tensor4d(kernel, filterShape)
  const padding: [number, number][] = [[0, 0], [pad[0], pad[1]], [pad[2], pad[3]], [0, 0]] // prettier-ignore
  const outputs = tf.conv2d(x, filter, 1, padding as Parameters<typeof tf.conv2d>[3])
  const dy = tf.tensor4d(gradients, [count, ...outputOf(drawn), units])
  const attributes = { filterShape, strides: 1, pad: padding, dataFormat: 'NHWC' }
  const kernelGradient = tf.engine().runKernel<tf.Tensor4D>(tf.Conv2DBackpropFilter, { x, dy }, attributes)
  return { outputs: outputs.dataSync(), kernelGradient: kernelGradient.dataSync() }
}

/** Sums in float64, and the sums of their parts' sizes. */
interface Sums {
  readonly values: Float64Array
  readonly sizes: Float64Array
}

/** The same by loops over all products, as a convolution is defined. */
function defined(drawn: Sizes, { images, kernel, gradients }: Data): { outputs: Sums; kernelGradient: Sums } {
  const { count, height, width, channels, units, pad } = drawn
  const [rows, columns] = drawn.kernel
  const [outHeight, outWidth] = outputOf(drawn)
  const sums = (length: number) => ({ values: new Float64Array(length), sizes: new Float64Array(length) })
  const [outputs, kernelGradient] = [sums(gradients.length), sums(kernel.length)]
  const add = (to: Sums, index: number, part: number) => {
    to.values[index] = (to.values[index] ?? NaN) + part
    to.sizes[index] = (to.sizes[index] ?? NaN) + Math.abs(part)
  }
  const ranges = [count, outHeight, outWidth, rows, columns, channels, units]
  for (const [n = 0, y = 0, x = 0, row = 0, column = 0, channel = 0, unit = 0] of places(ranges)) {
    const [inY, inX] = [y + row - pad[0], x + column - pad[2]]
    if (inY < 0 || inY >= height || inX < 0 || inX >= width) continue
    const input = images[((n * height + inY) * width + inX) * channels + channel] ?? NaN
    const weight = ((row * columns + column) * channels + channel) * units + unit
    const output = ((n * outHeight + y) * outWidth + x) * units + unit
    add(outputs, output, input * (kernel[weight] ?? NaN))
    add(kernelGradient, weight, input * (gradients[output] ?? NaN))
  }
  return { outputs, kernelGradient }
}

/** All lists of whole numbers, each below its length. */
function* places(lengths: readonly number[]): Generator<number[]> {
  const place = lengths.map(() => 0)
  const total = lengths.reduce((product, length) => product * length, 1)
  for (let index = 0; index < total; index += 1) {
    let rest = index
    for (let axis = lengths.length - 1; axis >= 0; axis -= 1) {
      const length = lengths[axis] ?? 1
      place[axis] = rest % length
      rest = Math.floor(rest / length)
    }
    yield place
  }
}

function expectEqualUpToRounding(actual: ArrayLike<number>, { values, sizes }: Sums, parts: number): void {
  expect(actual.length).toBe(values.length)
  values.forEach((value, index) => {
    const tolerance = parts * FLOAT32_STEP * (sizes[index] ?? NaN)
    expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThanOrEqual(tolerance)
  })
}

function check(drawn: Sizes): void {
  const data = dataOf(drawn)
  const expected = defined(drawn, data)
  const [outHeight, outWidth] = outputOf(drawn)
  tf.tidy(() => {
    const { outputs, kernelGradient } = computed(drawn, data)
    expectEqualUpToRounding(outputs, expected.outputs, drawn.kernel[0] * drawn.kernel[1] * drawn.channels)
    expectEqualUpToRounding(kernelGradient, expected.kernelGradient, drawn.count * outHeight * outWidth)
  })
}

test('outputs and the gradient of a kernel are those of loops in float64, within the rounding of their sums', () => {
  fc.assert(fc.property(sizes, check), { numRuns: 60 })
})

test('so they are where the images are more than are worked on together', () => {
  check({ count: 75, height: 7, width: 2, channels: 3, kernel: [3, 2], units: 9, pad: [1, 1, 0, 1], seed: 1 })
  check({
    count: 2,
    height: 300,
    width: 1,
    channels: 2,
    kernel: [2, 1],
    units: 3,
    pad: [0, 0, 0, 0],
    seed: 2,
  })
})

test('an image has the same outputs, bit by bit, alone and among others', () => {
  fc.assert(
    fc.property(sizes, (drawn) => {
      const data = dataOf(drawn)
      const place = drawn.seed % drawn.count
      const own = (values: Float32Array) => {
        const length = values.length / drawn.count
        return values.slice(place * length, (place + 1) * length)
      }
      const alone = { ...data, images: own(data.images), gradients: own(data.gradients) }
      tf.tidy(() => {
        const together = computed(drawn, data).outputs as Float32Array
        expect(computed({ ...drawn, count: 1 }, alone).outputs).toEqual(own(together))
      })
    }),
  )
})

test('what is not finite never becomes finite', () => {
  const bad = fc.constantFrom(NaN, Infinity, -Infinity)
  const where = fc.constantFrom('images', 'kernel', 'gradients')
  fc.assert(
    fc.property(sizes, bad, where, (drawn, value, name) => {
      const data = dataOf(drawn)
      data[name][drawn.seed % data[name].length] = value
      const expected = defined(drawn, data)
      tf.tidy(() => {
        const actual = computed(drawn, data)
        for (const part of ['outputs', 'kernelGradient'] as const) {
          expected[part].values.forEach((sum, index) => {
            if (!Number.isFinite(sum)) expect(actual[part][index]).not.toSatisfy(Number.isFinite)
          })
        }
      })
    }),
    { numRuns: 60 },
  )
})

test('a cell that is not finite reaches the outputs that read it, and no others', () => {
  tf.tidy(() => {
    const image = tf.tensor4d([1, 1, 1, 1, 1, 1, NaN, 1, 1, 1, 1, 1, 1, 1, 1], [1, 3, 5, 1])
    const outputs = tf.conv2d(image, tf.ones([2, 2, 1, 1]), 1, 'valid')
    expect([...outputs.dataSync()]).toEqual([NaN, NaN, 4, 4, NaN, NaN, 4, 4])
  })
})

test('other strides and dilated kernels are left to TensorFlow.js', () => {
  tf.tidy(() => {
    const images = tf.reshape<tf.Rank.R4>(tf.range(0, 16), [1, 4, 4, 1])
    const ones = tf.ones<tf.Rank.R4>([2, 2, 1, 1])
    expect([...tf.conv2d(images, ones, 2, 'valid').dataSync()]).toEqual([10, 18, 42, 50])
    expect([...tf.conv2d(images, ones, 1, 'valid', 'NHWC', 2).dataSync()]).toEqual([20, 24, 36, 40])
    const inputs = { x: images, dy: ones }
    const attributes = { filterShape: [1, 1, 1, 1], strides: 3, pad: 'valid', dataFormat: 'NHWC' }
    expect(() => tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, attributes)).toThrow('stride 1')
  })
})

test('it leaves nothing in the memory but its results', () => {
  const before = tf.backend().numDataIds()
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([2, 3, 4, 5])
    const dy = tf.conv2d(x, tf.ones<tf.Rank.R4>([3, 3, 5, 6]), 1, 'same')
    const attributes = { filterShape: [3, 3, 5, 6], strides: 1, pad: 'same', dataFormat: 'NHWC' }
    tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, attributes)
    expect(tf.backend().numDataIds()).toBe(before + 4)
  })
  expect(tf.backend().numDataIds()).toBe(before)
})

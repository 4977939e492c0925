import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import {
  backwardKernel,
  convolve,
  convolveBack,
  forwardKernel,
  kernelGradient,
  type Convolution,
} from '../../../src/engine/models/convolution.ts'
import { cellWeights, pool, pooledExtent, spread } from '../../../src/engine/models/pooling.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../oracle/compare.ts'

/** One use of a weight: output [row, y, x, unit] reads input [row, y + dy - top, x + dx - left, channel]. */
interface Use {
  readonly input: number
  readonly weight: number
  readonly output: number
}

/** Every product of a 'same' convolution, by its definition. */
function usesOf({ input, units, kernel: [kernelRows, kernelColumns] }: Convolution, rows: number): Use[] {
  const { height, width, channels } = input
  const uses: Use[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        for (let dy = 0; dy < kernelRows; dy += 1) {
          for (let dx = 0; dx < kernelColumns; dx += 1) {
            const [inY, inX] = [
              y + dy - Math.floor((kernelRows - 1) / 2),
              x + dx - Math.floor((kernelColumns - 1) / 2),
            ]
            if (inY < 0 || inY >= height || inX < 0 || inX >= width) continue
            for (let channel = 0; channel < channels; channel += 1) {
              for (let unit = 0; unit < units; unit += 1) {
                uses.push({
                  input: ((row * height + inY) * width + inX) * channels + channel,
                  weight: ((dy * kernelColumns + dx) * channels + channel) * units + unit,
                  output: ((row * height + y) * width + x) * units + unit,
                })
              }
            }
          }
        }
      }
    }
  }
  return uses
}

const geometry = fc.record({
  rows: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.constantFrom(1, 3, 8, 9),
  units: fc.constantFrom(1, 3, 4, 8, 9),
  kernelRows: fc.integer({ min: 1, max: 5 }),
  kernelColumns: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
})

function noise(length: number, ...seed: [number, string]): Float32Array {
  const generator = seededGenerator(...seed)
  return Float32Array.from({ length }, () => generator.normal())
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(largestDifference(actual, expected), what).toBeLessThanOrEqual(1e-5 * largestValue(expected))
}

describe.each(BACKENDS_HERE)('convolutions on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('go forward, back and to their kernel as loops over all products do', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometry,
        async ({ rows, height, width, channels, units, kernelRows, kernelColumns, seed }) => {
          const input = { height, width, channels }
          const convolution: Convolution = { input, units, kernel: [kernelRows, kernelColumns] }
          const cells = height * width
          const x = noise(rows * cells * channels, seed, 'x')
          const w = noise(kernelRows * kernelColumns * channels * units, seed, 'w')
          const signal = noise(rows * cells * units, seed, 'signal')
          const expected = {
            forward: new Float64Array(signal.length),
            back: new Float64Array(x.length),
            kernel: new Float64Array(w.length),
          }
          for (const use of usesOf(convolution, rows)) {
            const [a, b, s] = [x[use.input] ?? NaN, w[use.weight] ?? NaN, signal[use.output] ?? NaN]
            expected.forward[use.output] = (expected.forward[use.output] ?? NaN) + a * b
            expected.back[use.input] = (expected.back[use.input] ?? NaN) + s * b
            expected.kernel[use.weight] = (expected.kernel[use.weight] ?? NaN) + a * s
          }
          const actual = tf.tidy(() => {
            const kernel = tf.tensor4d(w, [kernelRows, kernelColumns, channels, units])
            const inputs = tf.tensor2d(x, [rows, cells * channels])
            const signals = tf.tensor2d(signal, [rows, cells * units])
            const forward = convolve(inputs, forwardKernel(kernel, convolution), convolution)
            const back = convolveBack(signals, backwardKernel(kernel, convolution), convolution)
            return { forward, back, kernel: kernelGradient(inputs, signals, convolution) }
          })
          for (const part of ['forward', 'back', 'kernel'] as const) {
            expectClose(await actual[part].data(), expected[part], part)
          }
          tf.dispose(actual)
        },
      ),
      { seed: 3, numRuns: 60 },
    )
  })

  it('pools give twice the average of the real cells, and spread what arrives over them', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ rows, height, width, channels, seed }) => {
        const extent = { height, width, channels }
        const pooled = pooledExtent(extent)
        const x = noise(rows * height * width * channels, seed, 'x')
        const signal = noise(rows * pooled.height * pooled.width * channels, seed, 'signal')
        const windowOf = (i: number) => {
          const channel = i % channels
          const cell = Math.floor(i / channels)
          const [row, inRow] = [Math.floor(cell / (height * width)), cell % (height * width)]
          const [y, column] = [Math.floor(inRow / width), inRow % width]
          const window = (row * pooled.height + Math.floor(y / 2)) * pooled.width + Math.floor(column / 2)
          return window * channels + channel
        }
        const counts = new Float64Array(signal.length)
        x.forEach((_, i) => (counts[windowOf(i)] = (counts[windowOf(i)] ?? NaN) + 1))
        const expected = new Float64Array(signal.length)
        x.forEach((value, i) => {
          const window = windowOf(i)
          expected[window] = (expected[window] ?? NaN) + (2 * value) / (counts[window] ?? NaN)
        })
        const back = Float64Array.from(
          x,
          (_, i) => (2 * (signal[windowOf(i)] ?? NaN)) / (counts[windowOf(i)] ?? NaN),
        )
        const actual = tf.tidy(() => {
          const inputs = tf.tensor2d(x, [rows, height * width * channels])
          const signals = tf.tensor2d(signal, [rows, pooled.height * pooled.width * channels])
          return {
            pooled: pool(inputs, extent),
            spread: spread(signals, extent, () => cellWeights(extent)),
          }
        })
        expectClose(await actual.pooled.data(), expected, 'pool')
        expectClose(await actual.spread.data(), back, 'spread')
        tf.dispose(actual)
      }),
      { seed: 4, numRuns: 40 },
    )
  })
})

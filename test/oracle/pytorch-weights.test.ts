import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { readSafetensors, writeSafetensors, type NamedTensor } from '../../src/engine/exchange/safetensors.ts'
import { readModel, writeModel, type Model } from '../../src/engine/models/model.ts'
import { fromPytorch, toPytorch } from '../../src/engine/models/pytorch-weights.ts'
import { ARCHITECTURE_NAMES } from '../../src/shared/names.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { explainOnce } from './explain-once.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'

const METADATA = {
  name: 'foreign',
  architecture: 'rlstm',
  rows: String(TOY_SIZES.rows),
  cols: String(TOY_SIZES.columns),
  steps: String(TOY_SIZES.steps),
  items: '1',
  classes: String(TOY_SIZES.classes),
}
const [INPUTS, SEEN, UNITS] = [6, 7, 4]

function foreignTensors(seed: number): Map<string, NamedTensor> {
  const tensor = (name: string, shape: number[], sign = 0): [string, NamedTensor] => {
    const generator = seededGenerator(seed, 'foreign', name)
    const length = shape.reduce((product, size) => product * size, 1)
    const value = () => (sign === 0 ? generator.normal() / 2 : sign * generator.float())
    return [name, { shape, data: Float32Array.from({ length }, value) }]
  }
  const bias = tensor('lstm.bias_ih_l0', [4 * UNITS])
  bias[1].data.subarray(2 * UNITS, 3 * UNITS).fill(-0.25)
  const second = tensor('lstm.bias_hh_l0', [4 * UNITS])
  second[1].data.subarray(2 * UNITS, 3 * UNITS).fill(0.125)
  return new Map([
    tensor('in1.weight', [SEEN, INPUTS]),
    tensor('in1.bias', [SEEN], -1),
    tensor('lstm.weight_ih_l0', [4 * UNITS, SEEN]),
    tensor('lstm.weight_hh_l0', [4 * UNITS, UNITS]),
    bias,
    second,
    tensor('logits.weight', [TOY_SIZES.classes, UNITS]),
    tensor('logits.bias', [TOY_SIZES.classes], -1),
  ])
}

function imported(tensors: ReadonlyMap<string, NamedTensor>): Model {
  return readModel(
    fromPytorch(writeSafetensors(tensors, METADATA), 'foreign.safetensors'),
    'foreign.safetensors',
  )
}

/** `torch.nn.Linear` in float64. */
function linear(
  tensors: ReadonlyMap<string, NamedTensor>,
  weight: string,
  bias: string,
  x: readonly number[],
) {
  const rows = tensors.get(weight)?.data ?? new Float32Array()
  return Array.from(tensors.get(bias)?.data ?? [], (offset, unit) =>
    x.reduce((sum, value, k) => sum + value * (rows[unit * x.length + k] ?? NaN), offset),
  )
}

/** The logits of one image by the definition of `torch.nn.LSTM`, with a ReLU candidate and no tanh at the output, in loops. */
function foreignLogits(tensors: ReadonlyMap<string, NamedTensor>, image: Float32Array): number[] {
  const { rows, columns, steps } = TOY_SIZES
  const width = columns / steps
  let [h, c] = [new Array<number>(UNITS).fill(0), new Array<number>(UNITS).fill(0)]
  for (let t = 0; t < steps; t += 1) {
    const pixels = Array.from({ length: rows * width }, (_, k) => {
      const [row, column] = [Math.floor(k / width), t * width + (k % width)]
      return image[row * columns + column] ?? NaN
    })
    const seen = linear(tensors, 'in1.weight', 'in1.bias', pixels).map((z) => Math.max(z, 0))
    const fromInput = linear(tensors, 'lstm.weight_ih_l0', 'lstm.bias_ih_l0', seen)
    const fromState = linear(tensors, 'lstm.weight_hh_l0', 'lstm.bias_hh_l0', h)
    const z = fromInput.map((value, index) => value + (fromState[index] ?? NaN))
    const gate = (block: number) => z.slice(block * UNITS, (block + 1) * UNITS)
    const sigmoid = (values: readonly number[]) => values.map((value) => 1 / (1 + Math.exp(-value)))
    const [i, f, o] = [sigmoid(gate(0)), sigmoid(gate(1)), sigmoid(gate(3))]
    const g = gate(2).map((value) => Math.max(value, 0))
    c = c.map((before, k) => (i[k] ?? NaN) * (g[k] ?? NaN) + (f[k] ?? NaN) * before)
    h = c.map((memory, k) => (o[k] ?? NaN) * memory)
  }
  return linear(tensors, 'logits.weight', 'logits.bias', h)
}

describe("weights in PyTorch's layout", () => {
  beforeAll(() => useBackend('wasm'))

  it.each([1, 2, 3])("give the logits that PyTorch's own definition gives (seed %i)", async (seed) => {
    const tensors = foreignTensors(seed)
    const images = randomImages(3, seed)
    const { logits } = await explainOnce(imported(tensors), images, [0, 1, 2], ['sa'])
    const pixels = TOY_SIZES.rows * TOY_SIZES.columns
    const expected = [0, 1, 2].flatMap((n) =>
      foreignLogits(tensors, images.subarray(n * pixels, (n + 1) * pixels)),
    )
    expected.forEach((value, index) => {
      expect(Math.abs((logits[index] ?? NaN) - value)).toBeLessThan(1e-5)
    })
  })

  it.each(ARCHITECTURE_NAMES)('go out and come back as they were: %s', (architecture) => {
    const model = randomModel(architecture, 5)
    const back = readModel(fromPytorch(toPytorch(writeModel(model), 'm'), 'm'), 'm')
    expect([...back.weights.keys()].sort()).toEqual([...model.weights.keys()].sort())
    for (const [name, { shape, data }] of model.weights) {
      const found = back.weights.get(name)
      expect(found?.shape).toEqual(shape)
      const tolerance = name.endsWith('.bias_raw') ? 2e-6 : 0
      data.forEach((value, index) => {
        expect(Math.abs((found?.data[index] ?? NaN) - value)).toBeLessThanOrEqual(tolerance * Math.abs(value))
      })
    }
  })

  it('read a flattened image channel by channel, and a kernel by its axes', () => {
    const model = randomModel('convdeep', 1)
    const foreign = readSafetensors(toPytorch(writeModel(model), 'm'), 'm').tensors
    const own = model.weights
    const at = (tensor: NamedTensor | undefined, ...index: number[]) =>
      tensor?.data[index.reduce((flat, position, axis) => flat * (tensor.shape[axis] ?? 0) + position, 0)]
    const kernel = own.get('conv2.weight')
    expect(foreign.get('conv2.weight')?.shape).toEqual([5, 3, 3, 3])
    expect(at(foreign.get('conv2.weight'), 4, 1, 2, 0)).toBe(at(kernel, 2, 0, 1, 4))
    const channels = 5
    const cells = (own.get('in1.weight')?.shape[0] ?? 0) / channels
    for (let cell = 0; cell < cells; cell += 1) {
      expect(at(foreign.get('in1.weight'), 6, 3 * cells + cell)).toBe(
        at(own.get('in1.weight'), cell * channels + 3, 6),
      )
    }
  })

  it('an effective bias of 0 stays 0', () => {
    const tensors = foreignTensors(1)
    tensors.get('logits.bias')?.data.fill(0)
    const raw = imported(tensors).weights.get('logits.bias_raw')?.data[0] ?? NaN
    expect(Math.fround(Math.log1p(Math.exp(raw)))).toBe(0)
  })

  it.each<[string, (tensors: Map<string, NamedTensor>) => void, RegExp]>([
    ['a positive bias', (tensors) => tensors.get('in1.bias')?.data.fill(0.5), /bias of 0\.5 in in1\.bias/],
    ['no second bias', (tensors) => tensors.delete('lstm.bias_hh_l0'), /no tensor 'lstm\.bias_hh_l0'/],
    [
      'a second LSTM layer',
      (tensors) => tensors.set('lstm.weight_ih_l1', { shape: [1], data: Float32Array.of(1) }),
      /a tensor 'lstm\.weight_ih_l1'/,
    ],
    [
      'gates of another size',
      (tensors) => tensors.set('lstm.weight_hh_l0', { shape: [15, 4], data: new Float32Array(60) }),
      /\[15, 4\]/,
    ],
    [
      'a weight that does not fit',
      (tensors) => tensors.set('logits.weight', { shape: [3, 5], data: new Float32Array(15) }),
      /'logits\.weight' of shape \[5, 3\]/,
    ],
  ])('%s is refused by name', (_, change, message) => {
    const tensors = foreignTensors(1)
    change(tensors)
    expect(() => imported(tensors)).toThrow(message)
  })
})

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { patchStarts } from '../../src/engine/explainers/occlusion.ts'
import { noiseOf } from '../../src/engine/explainers/smoothgrad.ts'
import type { NamedTensor } from '../../src/engine/exchange/safetensors.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { BACKENDS_HERE } from './backends.ts'
import { changedModel, scaledLogits } from './changed-model.ts'
import { largestDifference, largestValue, smallestValue } from './compare.ts'
import { explainOnce, mapOf, PIXELS } from './explain-once.ts'
import { FORMULA_IMAGE, formulaRlstm, formulaShallow } from './formula-model.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { epsilonToInputs } from './reference/layers.ts'
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

const tensor = (shape: number[], data: readonly number[]): NamedTensor => ({
  shape,
  data: Float32Array.from(data),
})

/** Raw value of an effective bias <= 0. */
function rawBias(effective: number): number {
  return effective === 0 ? -100 : Math.log(Math.expm1(-effective))
}

/** A network of one step and one hidden layer. */
function oneStep(
  rows: number,
  columns: number,
  hidden: readonly (readonly number[])[],
  biases: readonly number[],
  out: readonly number[],
  outBias = 0,
): Model {
  const units = out.length
  return {
    name: 'one-step',
    architecture: 'shallow',
    stationaryDropout: false,
    rows,
    columns,
    steps: 1,
    classes: 1,
    items: 1,
    weights: new Map([
      ['hidden.weight', tensor([rows * columns + 1, units], [...hidden.flat(), ...out.map(() => 0)])],
      ['hidden.bias_raw', tensor([units], biases.map(rawBias))],
      [
        'state.weight',
        tensor(
          [units, 1],
          out.map(() => 0),
        ),
      ],
      ['state.bias_raw', tensor([1], [-100])],
      ['logits.weight', tensor([units, 1], out)],
      ['logits.bias_raw', tensor([1], [rawBias(outBias)])],
    ]),
    metadata: {},
  }
}

/** f = relu(relu(x1 + b1) - relu(x2 + b2) + b): a deep network of one step whose later layers pass f on. */
function twoReluLayers(biases: readonly number[], outBias: number): Model {
  return {
    ...oneStep(1, 2, [], [], []),
    architecture: 'deep',
    weights: new Map([
      ['in1.weight', tensor([2, 2], [1, 0, 0, 1])],
      ['in1.bias_raw', tensor([2], biases.map(rawBias))],
      ['hidden.weight', tensor([3, 1], [1, -1, 0])],
      ['hidden.bias_raw', tensor([1], [rawBias(outBias)])],
      ...['state', 'out1', 'logits'].flatMap((layer): [string, NamedTensor][] => [
        [`${layer}.weight`, tensor([1, 1], [1])],
        [`${layer}.bias_raw`, tensor([1], [rawBias(0)])],
      ]),
    ]),
  }
}

/** f = w x, as relu(x) and relu(-x) of every pixel. */
function linear(rows: number, columns: number, w: readonly number[]): Model {
  const hidden = w.map((_, i) => [
    ...w.map((__, j) => (i === j ? 1 : 0)),
    ...w.map((__, j) => (i === j ? -1 : 0)),
  ])
  return oneStep(
    rows,
    columns,
    hidden,
    Array.from({ length: 2 * w.length }, () => 0),
    [...w, ...w.map((v) => -v)],
  )
}

async function attribute(model: Model, image: readonly number[], methods: readonly string[]) {
  const result = await explainOnce(model, Float32Array.from(image), [0], methods)
  return (method: string) => Array.from(mapOf(result, method))
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5) {
  expect(largestDifference(actual, expected)).toBeLessThan(tolerance * largestValue(expected))
}

describe('the epsilon rule of the reference loops against published values', () => {
  it('A9: a dense layer with its bias', () => {
    const kept = { epsilon: 0, bias: 0 }
    const layer = {
      weight: [
        [3, 5],
        [4, 6],
      ],
      bias: [7, 8],
    }
    expectClose(epsilonToInputs(layer, [1, 2], [1 / 3, 2 / 3], 0, kept), [17 / 90, 316 / 675], 1e-12)
    expect(kept.bias).toBeCloseTo(0.342963, 6)
  })

  it('A11: near-zero denominators', () => {
    const weight = [
      [-0.25, -0.55, 0.3],
      [0.45, 0.15, -0.15],
      [0, -0.3, 0.55],
      [-0.45, 0.4, 0.1],
    ]
    const [x, r] = [
      [0.5, 0, 1, 2],
      [1, 2, 3],
    ]
    const kept = { epsilon: 0, bias: 0 }
    const biased = { weight, bias: [-0.1, -0.2, -0.3] }
    expectClose(epsilonToInputs(biased, x, r, 0, kept), [-21.138889, 0, -21.25, 65.8], 1e-7)
    expect(kept.bias).toBeCloseTo(-17.411111, 6)
    const plain = { weight, bias: [0, 0, 0] }
    const stabilised = [plain, biased].map((layer) =>
      epsilonToInputs(layer, x, r, 0.25, { epsilon: 0, bias: 0 }),
    )
    const published = [-1.379679, 0, -0.240642, 7.178609]
    const nearest = Math.min(...stabilised.map((map) => largestDifference(map, published)))
    expect(nearest).toBeLessThan(1e-6)
  })
})

describe('patches', () => {
  it.each([
    [28, 4, 4, [0, 4, 8, 12, 16, 20, 24]],
    [9, 4, 4, [0, 4, 5]],
    [5, 3, 1, [0, 1, 2]],
    [3, 4, 4, [0]],
    [4, 4, 1, [0]],
  ])('along %d pixels of %d with stride %d begin at %j', (size, patch, stride, starts) => {
    expect(patchStarts(size, patch, stride)).toEqual(starts)
  })

  it('cover every pixel and none beyond', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 90 }),
      patch: fc.integer({ min: 1, max: 90 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(sizes, ({ size, patch, part }) => {
        const starts = patchStarts(size, patch, Math.max(1, Math.round(part * patch)))
        const covered = new Set(starts.flatMap((start) => Array.from({ length: patch }, (_, k) => start + k)))
        for (let pixel = 0; pixel < size; pixel += 1) expect(covered.has(pixel)).toBe(true)
        if (patch <= size) expect(Math.max(...covered)).toBe(size - 1)
        expect(new Set(starts).size).toBe(starts.length)
      }),
      { seed: 1 },
    )
  })
})

describe('the noise of SmoothGrad (C14)', () => {
  it('has the deviation that was asked for, no mean, and a stream of its own for each sample and seed', () => {
    const image = Float32Array.from([-1, 0.5, 1])
    const draw = (index: number, seed: number) => {
      const noise = noiseOf(image, index, { sigma: 0.15, seed })
      return Array.from({ length: 20_000 }, noise)
    }
    const values = draw(3, 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(deviation / 0.3 - 1)).toBeLessThan(0.05)
    expect(draw(3, 0)).toEqual(values)
    expect(draw(4, 0)).not.toEqual(values)
    expect(draw(3, 1)).not.toEqual(values)
  })
})

describe.each(BACKENDS_HERE)('attributions on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('A1: epsilon 0 is x * gradient', async () => {
    const model = oneStep(
      1,
      3,
      [
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
      ],
      [0, 0, 0],
      [3, 3, 3],
    )
    const of = await attribute(model, [1 / 3, 2 / 3, 1], ['lrp_eps:0', 'gi'])
    for (const method of ['lrp_eps:0', 'gi']) expectClose(of(method), [6, 12, 18])
  })

  it.each([
    ['before', twoReluLayers([-0.25, 0], 0)],
    ['after', twoReluLayers([0, 0], -0.25)],
  ])(
    'A8, the bias %s the difference: integrated gradients do not depend on how f is written',
    async (_, model) => {
      const methods = ['ig:30:0', 'gi', 'lrp_eps:0']
      const of = await attribute(model, [0.75, 0.25], methods)
      expectClose(of('ig:30:0'), [0.375, -0.125])
      for (const method of ['gi', 'lrp_eps:0']) expectClose(of(method), [0.75, -0.25])
      const dark = await attribute(model, [-0.9, -0.5], methods)
      for (const method of methods) expect(largestValue(dark(method))).toBe(0)
    },
  )

  it('A10: overlapping patches are averaged', async () => {
    const image = Array.from({ length: 25 }, (_, i) => (i === 6 || i === 18 ? 1 : -1))
    const of = await attribute(
      linear(
        5,
        5,
        image.map(() => 1.5),
      ),
      image,
      ['occlusion:3:1'],
    )
    const map = of('occlusion:3:1')
    const at = (row: number, column: number) => map[row * 5 + column] ?? NaN
    expect(at(2, 2)).toBeCloseTo(24 / 9, 5)
    expect(at(1, 1)).toBeCloseTo(15 / 4, 5)
    expect([at(0, 0), at(0, 4), at(4, 0), at(4, 4)].map((v) => Math.round(v * 1e5) / 1e5)).toEqual([
      3, 0, 0, 3,
    ])
  })

  it('C9, C13: a linear model', async () => {
    const w = [0.5, -1.25, 2, 0.75, -0.5, 1, 0.25, -2]
    const image = [0.3, -0.7, 0.9, 0.1, -0.2, 0.6, -0.95, 0.45]
    const methods = [
      'sa',
      'ig',
      'ig:7:0.2',
      'occlusion:1',
      'occlusion:2',
      'smoothgrad:9',
      'smoothgrad:9:0.3:mean',
    ]
    const of = await attribute(linear(2, 4, w), image, methods)
    const squares = w.map((v) => v * v)
    expectClose(of('sa'), squares)
    expectClose(of('smoothgrad:9'), squares)
    expectClose(of('smoothgrad:9:0.3:mean'), w)
    const fromBlack = w.map((v, i) => v * ((image[i] ?? NaN) + 1))
    expectClose(of('ig'), fromBlack)
    expectClose(of('occlusion:1'), fromBlack)
    expectClose(
      of('ig:7:0.2'),
      w.map((v, i) => v * ((image[i] ?? NaN) - 0.2)),
    )
    const patches = [0, 2].map((column) => of('occlusion:2')[column] ?? NaN)
    const whole = fromBlack.reduce((sum, value) => sum + value, 0)
    expect(patches.reduce((sum, drop) => sum + drop, 0)).toBeCloseTo(whole, 5)
  })

  it('C10: where the baseline is the image nothing is attributed, and equal pixels get equal parts', async () => {
    const image = new Float32Array(PIXELS).fill(-1)
    const result = await explainOnce(randomModel('deep', 4), image, [1], ['ig', 'occlusion'])
    expect(largestValue(mapOf(result, 'ig'))).toBe(0)
    expect(largestValue(mapOf(result, 'occlusion'))).toBe(0)
    const model = oneStep(
      1,
      3,
      [
        [1, -0.5],
        [1, -0.5],
        [0, 0],
      ],
      [-0.1, -0.2],
      [2, 1],
    )
    const [first = NaN, second = NaN, unused = NaN] = (await attribute(model, [0.4, 0.4, 0.9], ['ig']))('ig')
    expect(first).toBeCloseTo(second, 6)
    expect(unused).toBe(0)
  })

  describe('B1, shallow', () => {
    it('integrated gradients and occlusion', async () => {
      const result = await explainOnce(formulaShallow(), FORMULA_IMAGE, [1], ['ig', 'ig:512', 'occlusion:1'])
      const exact = [0, 0.05319, 0.20449, 0.14695, 0.85272, -0.11769, -0.05596, 0]
      expect(largestDifference(mapOf(result, 'ig:512'), exact)).toBeLessThan(2e-3)
      expect(result.methods.get('ig')?.sums[0]).toBeCloseTo(1.0738509074, 5)
      expect(result.methods.get('ig')?.starts[0]).toBeCloseTo(1.083707293, 5)
      expectClose(mapOf(result, 'occlusion:1'), [
        ...[0, 0.1899283201, 0.393527925, 0.5023148148],
        ...[1.1936742963, -0.3046005061, -0.0034025341, 0],
      ])
    })
  })

  describe('B2, R-LSTM', () => {
    const LRP = {
      'lrp_eps:0': [
        ...[0.0050339949, 0, 0.2200212311, -0.032104284],
        ...[-0.0313120035, 0.0165184435, -0.0000004017, -0.0075542313],
      ],
      'lrp_eps:0.001': [
        ...[0.0045071749, 0, 0.2187736855, -0.0318841853],
        ...[-0.0309554675, 0.0164983747, 0.0002485763, -0.0081260682],
      ],
      'lrp_eps:0.1': [
        ...[0.0007999121, 0, 0.0759644711, -0.0112089922],
        ...[-0.0062306685, 0.0036382996, -0.0008156446, -0.0005948536],
      ],
    }

    it.each(Object.entries(LRP))('%s', async (method, expected) => {
      const result = await explainOnce(formulaRlstm(25), FORMULA_IMAGE, [0], [method])
      expectClose(mapOf(result, method), expected)
    })

    it('integrated gradients and occlusion', async () => {
      const result = await explainOnce(formulaRlstm(25), FORMULA_IMAGE, [0], ['ig:512', 'occlusion:1'])
      const exact = [0, 0.05065, 0.20487, 0.04756, -0.01074, -0.00981, -0.05811, 0]
      expect(largestDifference(mapOf(result, 'ig:512'), exact)).toBeLessThan(2e-3)
      expect(result.methods.get('ig:512')?.starts[0]).toBeCloseTo(0.2243995043, 6)
      expectClose(mapOf(result, 'occlusion:1'), [
        ...[0, 0.0276364984, 0.138499906, 0.0764615748],
        ...[0.0019515594, -0.0032647166, -0.1222071411, 0],
      ])
    })
  })

  describe.each(ARCHITECTURES)('%s', (architecture) => {
    const vector = readVector(architecture)

    it('epsilon 0 is x * gradient with constant gates, and biases keep the rest (C1)', async () => {
      const { images, targets, model } = vector
      const result = await explainOnce(model, images, targets, ['lrp_eps:0', 'gi'])
      const { sums, kept, starts, states } = result.methods.get('lrp_eps:0') ?? {}
      expect(states).toEqual(targets.map((_, n) => ((starts?.[n] ?? NaN) > 0 ? 'ok' : 'no_evidence')))
      targets.forEach((_, n) => {
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

import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { explainOnce, mapOf, PIXELS } from './explain-once.ts'
import { FORMULA_IMAGE, formulaRlstm, formulaShallow } from './formula-model.ts'
import { linear, oneStep, twoReluLayers } from './one-step-models.ts'
import { randomModel } from './random-model.ts'

async function attribute(model: Model, image: readonly number[], methods: readonly string[]) {
  const result = await explainOnce(model, Float32Array.from(image), [0], methods)
  return (method: string) => Array.from(mapOf(result, method))
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5) {
  expect(largestDifference(actual, expected)).toBeLessThan(tolerance * largestValue(expected))
}

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
})

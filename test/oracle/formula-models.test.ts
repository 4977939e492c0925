import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import type { MethodMaps } from '../../src/engine/explainers/assess-maps.ts'
import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { BACKENDS_HERE } from './backends.ts'
import { largestDifference, largestValue } from './compare.ts'
import { FORMULA_IMAGE, formulaRlstm, formulaShallow } from './formula-model.ts'

const LRP = ['dtd', 'lrp_a1.5b0.5', 'lrp_a2b1', 'lrp_a1.5b0.5:plain', 'lrp_a2b1:plain']

/** Maps computed by two independent scripts with plain rules; rows one after the other. */
const SHALLOW = {
  dtd: [
    0.2085439293, 0.0102810981, 0.3161683464, 0.1315935047, 0.1135748044, 0.0385887248, 0.1391334239,
    0.0106487651,
  ],
  'lrp_a1.5b0.5:plain': [
    0.4450111579, -0.0547768833, 0.2952557293, 0.1577174558, 0.1336173268, 0.0882771321, 0.0531815432,
    -0.1497508649,
  ],
  'lrp_a2b1:plain': [
    0.723631219, -0.1676245442, 0.2743266716, 0.1761757988, 0.1042371051, 0.1479512683, -0.0152002797,
    -0.274964642,
  ],
  gb: [
    0.3188932141, 0.0370272393, 0.1399747119, 0.6281112859, 2.0299470803, 0.749100017, 0.1419300974,
    0.0188108845,
  ],
}
const SHALLOW_GRADIENT = [
  -0.0538772771, 0.2450160274, 0.2048611111, 0.7534722222, 1.8154873318, -1.2877246244, 0.0642361111,
  0.4105902778,
]
const RLSTM = {
  dtd: [
    0.0031669209, 0.0018274245, 0.0328219403, 0.0053440787, 0.0027372576, 0.0003955269, 0.0105421543,
    0.0137816222,
  ],
  'lrp_a1.5b0.5:plain': [
    -0.0302785526, -0.0151606681, 0.0710745969, 0.0116109973, -0.0158955499, -0.0034857677, 0.0226531386,
    0.030098731,
  ],
  'lrp_a2b1:plain': [
    -0.1061090232, -0.0295555055, 0.1238883778, 0.0202745019, -0.0204601756, -0.0094453494, 0.0393240611,
    0.0527000383,
  ],
  gb_raw_gates: [
    0.0005262042, 0.0000205386, 0.0828573473, 0.0155245207, 0.0002995926, 0.0002352075, 0.0000846469,
    0.0003046992,
  ],
  gb: [
    0.0002392088, 0.0000367564, 0.0688054963, 0.0126377442, 0.0001013265, 0.0001117277, 0.0002476076,
    0.0004820917,
  ],
}
const RLSTM_GRADIENT = [
  -0.0144019583, -0.026180457, 0.2455627351, 0.1084925645, -0.0368149115, -0.0167758838, -0.0065363845,
  0.0030532813,
]

describe.each(BACKENDS_HERE)('models from a formula on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe('B1, shallow', () => {
    let result: BatchExplanation
    beforeAll(async () => {
      result = await explain(formulaShallow(), 1)
    })

    it('gives the logits', () => expectClose(result.logits, [0.002678941, 0.9685325968]))
    it.each(Object.entries(SHALLOW))('gives the %s map', (method, expected) => {
      expectClose(mapsOf(result, method).maps, expected)
    })
    it('gives the gradient', () => expectGradient(result, SHALLOW_GRADIENT))
  })

  describe('B2, R-LSTM', () => {
    let result: BatchExplanation
    beforeAll(async () => {
      result = await explain(formulaRlstm(25), 0)
    })

    it('gives the logits', () => expectClose(result.logits, [0.0706169255, 0.0349291252]))
    it.each(Object.entries(RLSTM))('gives the %s map', (method, expected) => {
      expectClose(mapsOf(result, method).maps, expected)
    })
    it('gives the gradient', () => expectGradient(result, RLSTM_GRADIENT))
  })

  describe('B3, R-LSTM with units that have no negative flow', () => {
    const LOGIT = 0.2807552009
    let result: BatchExplanation
    beforeAll(async () => {
      result = await explain(formulaRlstm(61), 0)
    })

    it.each([
      ['dtd', LOGIT, 'ok'],
      ['lrp_a1.5b0.5', LOGIT, 'ok'],
      ['lrp_a2b1', LOGIT, 'ok'],
      ['lrp_a1.5b0.5:plain', 0.4711420388, 'not_conserved'],
      ['lrp_a2b1:plain', 0.7705160462, 'not_conserved'],
    ])('%s sums to %d: %s', (method, sum, state) => {
      const { sums, states, starts } = mapsOf(result, method)
      expect(starts[0]).toBeCloseTo(LOGIT, 6)
      expect(sums[0]).toBeCloseTo(sum, 6)
      expect(states).toEqual([state])
    })
  })
})

async function explain(model: Model, target: number): Promise<BatchExplanation> {
  const prepared = prepareModel(model)
  const batch = { images: FORMULA_IMAGE, targets: [target], sampleIndices: [0] }
  const result = await explainBatch(prepared, batch, ['sa', 'gi', 'gb', 'gb_raw_gates', ...LRP])
  prepared.dispose()
  return result
}

function mapsOf(result: BatchExplanation, method: string): MethodMaps {
  const maps = result.methods.get(method)
  if (maps === undefined) throw new Error(`no ${method}`)
  return maps
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(largestDifference(actual, expected)).toBeLessThan(1e-5 * largestValue(expected))
}

function expectGradient(result: BatchExplanation, gradient: readonly number[]): void {
  const products = gradient.map((value, i) => value * (FORMULA_IMAGE[i] ?? NaN))
  expectClose(
    mapsOf(result, 'sa').maps,
    gradient.map((value) => value * value),
  )
  expectClose(mapsOf(result, 'gi').maps, products)
}

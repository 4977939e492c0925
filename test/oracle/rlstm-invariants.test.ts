import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { BACKENDS_HERE } from './backends.ts'
import { changedModel, withoutBlocks } from './changed-model.ts'
import { largestDifference, largestValue } from './compare.ts'
import { explainOnce, mapOf } from './explain-once.ts'
import { forSeeds } from './for-seeds.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'
import { alphaBetaToInputs, affine, layerNamed, readLayers, sigmoid } from './reference/layers.ts'

const COUNT = 3
const TARGETS = [0, 1, 2]

describe.each(BACKENDS_HERE)('the R-LSTM cell on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('gates with weights of 0 make guided backprop with and without constant gates equal (C12)', async () => {
    const model = changedModel(randomModel('rlstm', 2), (name, values) =>
      /^lstm\.[ifo]\.weight$/.test(name) ? values.map(() => 0) : values,
    )
    const result = await explainOnce(model, randomImages(COUNT, 2), TARGETS, ['gb', 'gb_raw_gates'])
    expect(largestValue(mapOf(result, 'gb'))).toBeGreaterThan(0)
    expect(mapOf(result, 'gb_raw_gates')).toEqual(mapOf(result, 'gb'))
  })

  it('an R-LSTM whose candidate ignores h remembers by its forget gates alone (C7)', () =>
    forSeeds(async (seed) => {
      const model = withoutBlocks(
        randomModel('rlstm', seed),
        (layer, source) => layer === 'lstm.g' && source === 'h',
      )
      const image = randomImages(1, seed)
      const result = await explainOnce(model, image, [1], ['lrp_a1b0:plain'])
      const expected = rememberedByStep(model, image, 1)
      const width = TOY_SIZES.columns / TOY_SIZES.steps
      // As shares of the logit: one that is nearly 0 beside the others has few digits in float32.
      const logit = result.logits[1] ?? NaN
      const shares = expected.map(
        (_, t) =>
          mapOf(result, 'lrp_a1b0:plain').reduce(
            (sum, value, i) => (Math.floor((i % TOY_SIZES.columns) / width) === t ? sum + value : sum),
            0,
          ) / Math.abs(logit),
      )
      expect(largestDifference(shares, expected)).toBeLessThan(1e-5 * largestValue(expected) + 1e-9)
    }))
})

/** The share of relevance that each step gets through all cells: `i_t g_t prod_{s>t} f_s / c_T` of each cell's relevance; 0 without evidence. */
function rememberedByStep(
  model: Parameters<typeof readLayers>[0],
  image: Float32Array,
  target: number,
): number[] {
  const layers = readLayers(model)
  const width = TOY_SIZES.columns / TOY_SIZES.steps
  let h: number[] = [0, 0, 0, 0]
  let cell = h
  const history = Array.from({ length: TOY_SIZES.steps }, (_, t) => {
    const x = Array.from(
      { length: TOY_SIZES.rows * width },
      (__, i) => image[Math.floor(i / width) * TOY_SIZES.columns + t * width + (i % width)] ?? NaN,
    )
    const in1 = affine(layerNamed(layers, 'in1'), x).map((z) => Math.max(0, z))
    const [i = [], f = [], o = []] = ['i', 'f', 'o'].map((gate) =>
      sigmoid(affine(layerNamed(layers, `lstm.${gate}`), [...in1, ...h])),
    )
    const g = affine(layerNamed(layers, 'lstm.g'), [...in1, ...h]).map((z) => Math.max(0, z))
    cell = cell.map((c, k) => (i[k] ?? NaN) * (g[k] ?? NaN) + (f[k] ?? NaN) * c)
    h = cell.map((c, k) => (o[k] ?? NaN) * c)
    return { written: i.map((value, k) => value * (g[k] ?? NaN)), f }
  })
  const logits = affine(layerNamed(layers, 'logits'), h)
  const start = logits.map((value, k) => (k === target && value > 0 ? 1 : 0))
  const plain = { alpha: 1, beta: 0, floored: false }
  const relevance = alphaBetaToInputs(layerNamed(layers, 'logits'), h, start, plain)
  return history.map(({ written }, t) =>
    relevance.reduce((sum, r, k) => {
      const kept = history.slice(t + 1).reduce((product, later) => product * (later.f[k] ?? NaN), 1)
      return cell[k] === 0 ? sum : sum + (r * (written[k] ?? NaN) * kept) / (cell[k] ?? NaN)
    }, 0),
  )
}

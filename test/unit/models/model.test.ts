import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import { layoutOf, readModel, writeModel, type Model } from '../../../src/engine/models/model.ts'
import { newLayout } from '../../../src/engine/models/layout.ts'
import { prepareModel } from '../../../src/engine/models/prepared-model.ts'
import { changedModel } from '../../oracle/changed-model.ts'
import { randomImages, randomModel, TOY_SIZES } from '../../oracle/random-model.ts'

function withTensor(model: Model, name: string, shape: number[] | undefined): Model {
  const weights = new Map(model.weights)
  if (shape === undefined) weights.delete(name)
  else weights.set(name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) })
  return { ...model, weights }
}

describe('layout', () => {
  const sizes = { rows: 28, columns: 84, steps: 12, classes: 10 }

  it('gives the shapes of the method card', () => {
    expect(Object.fromEntries(newLayout('deep', sizes).shapes())).toEqual({
      'in1.weight': [196, 256],
      'in1.bias_raw': [256],
      'hidden.weight': [512, 128],
      'hidden.bias_raw': [128],
      'state.weight': [128, 256],
      'state.bias_raw': [256],
      'out1.weight': [128, 32],
      'out1.bias_raw': [32],
      'logits.weight': [32, 10],
      'logits.bias_raw': [10],
    })
    expect(Object.fromEntries(newLayout('rlstm', sizes).shapes())).toMatchObject({
      'lstm.f.weight': [328, 72],
      'lstm.f.bias': [72],
      'lstm.g.bias_raw': [72],
      'logits.weight': [72, 10],
    })
    expect(newLayout('shallow', sizes).shapes().get('hidden.weight')).toEqual([452, 256])
    expect(newLayout('deep_v2', sizes).shapes().get('in2.weight')).toEqual([128, 256])
  })

  it('names the rows of each input', () => {
    const layout = newLayout('rlstm', sizes)
    expect(layout.rowsOf('lstm.i', 'in1')).toEqual({ start: 0, size: 256 })
    expect(layout.rowsOf('lstm.i', 'h')).toEqual({ start: 256, size: 72 })
    expect(() => layout.rowsOf('lstm.i', 'pixels')).toThrow(RangeError)
  })
})

describe('model files', () => {
  const model: Model = {
    ...randomModel('rlstm', 1),
    name: 'rlstm-SD-mnist-3-digits-maj-seq-4-fold-2',
    stationaryDropout: true,
    metadata: { dataset: 'mnist-3-digits-maj', fold: '2', seed: '9' },
  }

  it('are read back as they were written', () => {
    const read = readModel(writeModel(model), 'a.safetensors')
    expect({ ...read, weights: undefined }).toEqual({ ...model, weights: undefined })
    for (const [name, tensor] of model.weights) expect(read.weights.get(name)).toEqual(tensor)
  })

  it.each([
    ['a missing tensor', withTensor(model, 'lstm.f.bias', undefined), /lstm\.f\.bias/],
    ['a wrong shape', withTensor(model, 'lstm.g.weight', [11, 5]), /'lstm\.\w\.\w+'.*\[.*\].*\[.*\]/],
    ['a wrong bias shape', withTensor(model, 'in1.bias_raw', [6]), /'in1\.bias_raw' of shape \[6\].*\[7\]/],
    ['a tensor too many', withTensor(model, 'extra.weight', [1, 1]), /'extra\.weight'/],
    ['another number of classes', { ...model, classes: 4 }, /'logits\.weight' of shape \[4, 3\].*\[4, 4\]/],
    ['steps that do not divide the columns', { ...model, steps: 3 }, /3 steps for 8 columns/],
  ])('%s is refused by name', (_, bad, message) => {
    expect(() => layoutOf(bad)).toThrow(message)
    expect(() => layoutOf(bad)).toThrow(expect.objectContaining({ code: 'bad_model', exitCode: 2 }))
  })

  it('NaN in a weight is refused by name', () => {
    const bad = changedModel(model, (name, values) =>
      name === 'in1.weight' ? values.map(() => NaN) : values,
    )
    expect(() => layoutOf(bad)).toThrow(expect.objectContaining({ code: 'bad_values' }))
    expect(() => layoutOf(bad)).toThrow(/'in1\.weight'/)
  })
})

describe('bad values while explaining', () => {
  const images = randomImages(2, 1)
  const targets = [0, 1]
  const explain = async (model: Model, input: Float32Array, labels: number[], methods = ['sa']) => {
    const prepared = prepareModel(model)
    try {
      return await explainBatch(prepared, { images: input, targets: labels, sampleIndices: [0, 1] }, methods)
    } finally {
      prepared.dispose()
    }
  }

  beforeAll(async () => {
    await useBackend('wasm')
  })

  it('what is not finite is named by the node in which it arises', async () => {
    const scales = new Map([
      ['out1.weight', 1e3],
      ['logits.weight', 1e38],
    ])
    const huge = changedModel(randomModel('deep', 1), (name, values) =>
      values.map((value) => value * (scales.get(name) ?? 1)),
    )
    await expect(explain(huge, images, targets)).rejects.toThrow(
      /'(hidden|state|out1|logits)' \(node \d+\)|output of \w+/,
    )
    await expect(explain(huge, images, targets)).rejects.toMatchObject({ code: 'bad_values' })
  })

  it('infinity that arises in a map is named by its method', async () => {
    const steep = changedModel(randomModel('deep', 1), (name, values) =>
      name === 'in1.weight' ? values.map((value) => value * 1e22) : values,
    )
    await expect(explain(steep, images, targets, ['gi', 'sa'])).rejects.toThrow(/'sa'/)
  })

  it.each([
    ['a value of 1.5', images.map((x, i) => (i === 30 ? 1.5 : x)), targets, /1\.5 in image 1/],
    ['NaN', images.map((x, i) => (i === 3 ? NaN : x)), targets, /NaN in image 0/],
    ['half an image', images.subarray(0, 36), targets, /36 pixel values.*multiple of 24/],
    ['no image', new Float32Array(), [], /0 pixel values/],
    ['a class that is not there', images, [0, TOY_SIZES.classes], /target class 3.*0 to 2/],
    ['too few targets', images, [0], /1 targets for 2 samples/],
  ])('%s is refused', async (_, input, labels, message) => {
    const explained = explain(randomModel('deep', 1), input, labels)
    await expect(explained).rejects.toThrow(message)
    await expect(explained).rejects.toMatchObject({ code: 'bad_values', exitCode: 2 })
  })

  it('an unknown method is refused', async () => {
    await expect(explain(randomModel('deep', 1), images, targets, ['lrp_a2b2'])).rejects.toMatchObject({
      code: 'unknown_method',
    })
  })
})

describe('the predicted class', () => {
  it('is the one of the largest logit', async () => {
    await useBackend('wasm')
    const prepared = prepareModel(randomModel('deep', 4))
    const batch = {
      images: randomImages(5, 4),
      targets: 'predicted',
      sampleIndices: [0, 1, 2, 3, 4],
    } as const
    const { logits, targets } = await explainBatch(prepared, batch, ['gi'])
    prepared.dispose()
    targets.forEach((target, n) => {
      const own = [...logits.slice(n * 3, (n + 1) * 3)]
      expect(own[target]).toBe(Math.max(...own))
    })
  })
})

import { describe, expect, it } from 'vitest'
import { ARCHITECTURES } from '../../../src/engine/models/architectures.ts'
import { initialWeights } from '../../../src/engine/models/initial-weights.ts'
import { layoutOf, readModel, writeModel } from '../../../src/engine/models/model.ts'
import { freshSeed, layersFromOutput, randomisedModel } from '../../../src/engine/models/randomised.ts'
import { ARCHITECTURE_NAMES } from '../../../src/shared/names.ts'
import { randomModel } from '../../oracle/random-model.ts'

/** Written by hand from the drawings of the networks. */
const FROM_OUTPUT = {
  shallow: ['logits', 'hidden', 'state'],
  deep: ['logits', 'out1', 'hidden', 'state', 'in1'],
  deep_v2: ['logits', 'out1', 'hidden', 'state', 'in2', 'in1'],
  convdeep: ['logits', 'out1', 'hidden', 'state', 'in1', 'conv2', 'conv1'],
  convdeep_lateral: ['logits', 'out1', 'hidden', 'state', 'in1', 'conv2', 'conv1'],
  rlstm: ['logits', 'lstm.g', 'lstm.o', 'lstm.f', 'lstm.i', 'in1'],
  convrlstm: ['logits', 'lstm.g', 'lstm.o', 'lstm.f', 'lstm.i', 'in1', 'conv2', 'conv1'],
  convrlstm_lateral: ['logits', 'lstm.g', 'lstm.o', 'lstm.f', 'lstm.i', 'in1', 'conv2', 'conv1'],
}

describe.each(ARCHITECTURE_NAMES)('%s with fresh weights', (architecture) => {
  const model = randomModel(architecture, 5)
  const layers = layersFromOutput(ARCHITECTURES[architecture])
  const layerOf = (tensor: string) => tensor.slice(0, tensor.lastIndexOf('.'))

  it('has its layers from the output to the input, each once', () => {
    expect(layers).toEqual(FROM_OUTPUT[architecture])
    expect(layers.toSorted()).toEqual(Object.keys(ARCHITECTURES[architecture].layers).sort())
  })

  it.each(layers.map((_, index) => index + 1))('differs in the first %d layers and in no other', (count) => {
    const randomised = randomisedModel(model, count, 1)
    for (const [name, { data, shape }] of model.weights) {
      const other = randomised.weights.get(name)
      expect(other?.shape).toEqual(shape)
      const changed = layers.indexOf(layerOf(name)) < count
      if (changed) expect(other?.data, name).not.toEqual(data)
      else expect(other?.data, name).toBe(data)
    }
    expect(randomised.metadata['randomised']).toBe(layers.slice(0, count).join(' '))
    expect(readModel(writeModel(randomised), 'randomised').weights.size).toBe(model.weights.size)
  })

  it('keeps the weights of a layer while more layers follow, and leaves the model as it was', () => {
    const before = structuredClone([...model.weights])
    const first = randomisedModel(model, 1, 1).weights.get('logits.weight')
    expect(randomisedModel(model, layers.length, 1).weights.get('logits.weight')).toEqual(first)
    expect([...model.weights]).toEqual(before)
  })

  it('is the model itself for no layer, and a new network for all', () => {
    expect(randomisedModel(model, 0, 1)).toBe(model)
    const all = randomisedModel(model, layers.length, 1).weights
    const fresh = initialWeights(layoutOf(model), freshSeed(1))
    expect([...all.keys()].sort()).toEqual([...fresh.keys()].sort())
    for (const [name, tensor] of fresh) expect(all.get(name), name).toEqual(tensor)
  })

  it('follows the seed, and never brings the weights back that a training of that seed began with', () => {
    const weightOf = (seed: number) => randomisedModel(model, 1, seed).weights.get('logits.weight')
    expect(weightOf(1)).toEqual(weightOf(1))
    expect(weightOf(1)).not.toEqual(weightOf(2))
    expect(weightOf(1)).not.toEqual(initialWeights(layoutOf(model), 1).get('logits.weight'))
  })
})

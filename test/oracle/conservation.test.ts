import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { relevanceRules, startRelevance } from '../../src/engine/explainers/relevance.ts'
import { recordForward } from '../../src/engine/models/forward.ts'
import { throughPool } from '../../src/engine/models/gradient.ts'
import type { LayerWeights } from '../../src/engine/models/layer-weights.ts'
import { oneHot } from '../../src/engine/models/one-hot.ts'
import { prepareModel, type PreparedModel } from '../../src/engine/models/prepared-model.ts'
import { onlyPart, propagate, type Rules } from '../../src/engine/models/propagate.ts'
import type { LayerNode, ReluNode } from '../../src/engine/models/nodes.ts'
import { addAll, type Tape } from '../../src/engine/models/tape.ts'
import {
  BOX,
  NEGATIVE,
  NEGATIVE_FLOORED,
  POSITIVE,
  POSITIVE_FLOORED,
  WHOLE,
  type WeightPart,
} from '../../src/engine/models/weight-parts.ts'
import { ARCHITECTURE_NAMES } from '../../src/shared/names.ts'
import { BACKENDS_HERE } from './backends.ts'
import { changedModel } from './changed-model.ts'
import { largestDifference, largestValue } from './compare.ts'
import { forSeeds } from './for-seeds.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'

const COUNT = 3
const TARGETS = [0, 1, 2]

describe.each(BACKENDS_HERE)('conservation on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    it.each([1, 1.5, 2])('every unit hands on what it received (alpha %d)', (alpha) =>
      forSeeds((seed) => expectUnitsConserve(prepareModel(randomModel(architecture, seed)), seed, alpha), 6),
    )

    it('spreading evenly over all inputs hands everything to the pixels (C2)', async () => {
      const model = randomModel(architecture, 1)
      const ones = prepareModel(
        changedModel(model, (name, values) => (name.endsWith('.weight') ? values.map(() => 1) : values)),
      )
      const prepared = prepareModel(model)
      const { tape, logits } = recordForward(prepared, randomImages(COUNT, 1))
      const totals = tf.tidy(() => {
        const rules = evenRules(tape, ones.weights)
        const start = oneHot(TARGETS, TOY_SIZES.classes)
        const arrived = propagate(tape, logits, evenFlow(logits, start, ones.weights), rules)
        if (arrived === undefined) throw new Error('nothing arrived at the pixels')
        return tf.sum(tf.reshape(tf.sum(arrived, 1), [TOY_SIZES.steps, COUNT]), 0)
      })
      expect(largestDifference(await totals.data(), [1, 1, 1])).toBeLessThan(1e-6)
      tape.dispose()
      prepared.dispose()
      ones.dispose()
    })
  })
})

/** Every unit spreads what it has evenly over all that it reads, gates excepted. */
function evenRules(tape: Tape, ones: LayerWeights): Rules {
  return {
    relu: (node, relevance) => evenFlow(node, relevance, ones),
    sigmoid: () => [],
    linear: ({ source }, flow, layer) => ones.timesTransposed(layer, source, onlyPart(flow)),
    gate: (_, relevance) => ({ signal: relevance, gate: undefined }),
    sum: (_, relevance) => ({ left: tf.div(relevance, 2), right: tf.div(relevance, 2) }),
    pool: (node, relevance) => tf.div(throughPool(tape, node, relevance), 2),
  }
}

/** Relevance over the number of values that each unit reads. */
function evenFlow({ layer, terms }: LayerNode, relevance: tf.Tensor2D, ones: LayerWeights): [tf.Tensor2D] {
  const sources = terms.map((term) => (term.operation === 'step' ? term.input : term).source)
  return [tf.div(relevance, addAll(sources.map((source) => ones.sums(layer, source, WHOLE))))]
}

/** What each unit of a layer hands on is what it received. */
async function expectUnitsConserve(model: PreparedModel, seed: number, alpha: number): Promise<void> {
  const forward = recordForward(model, randomImages(COUNT, seed))
  const { tape, logits } = forward
  const { weights } = model
  const parameters = { alpha, beta: alpha - 1, floored: true }
  const received = new Map<ReluNode, tf.Tensor2D>()
  const handedOn = new Map<ReluNode, tf.Tensor2D>()
  tf.engine().startScope()
  const rules = relevanceRules(tape, parameters)
  propagate(tape, logits, startRelevance(tape, logits, oneHot(TARGETS, TOY_SIZES.classes), parameters), {
    ...rules,
    relu(node, signal) {
      const flow = rules.relu(node, signal)
      received.set(node, tf.mul(node.value, signal))
      const [positive = signal, negative = positive] = flow
      const { layer } = node
      const terms = node.terms.map((term) =>
        term.operation === 'step' ? { ...term.input, t: term.t } : term,
      )
      const isJoint = terms.some((term) => term.input.operation === 'pixels')
      const sums = terms.map((term) => {
        const { source, input } = term
        const slice = (value: tf.Tensor2D) =>
          't' in term ? tf.slice(value, [term.t * tape.batchSize, 0], [tape.batchSize, -1]) : value
        const times = (part: WeightPart) => slice(weights.times(layer, source, input.value, part))
        if (input.operation === 'pixels') {
          const box = weights.times(layer, source, tf.onesLike(input.value), BOX)
          return tf.mul<tf.Tensor2D>(tf.add(times(WHOLE), slice(box)), positive)
        }
        const [up, down] = isJoint
          ? [times(POSITIVE), times(NEGATIVE)]
          : [times(POSITIVE_FLOORED), times(NEGATIVE_FLOORED)]
        return tf.sub<tf.Tensor2D>(
          tf.mul(tf.mul(up, positive), alpha),
          tf.mul(tf.mul(down, negative), alpha - 1),
        )
      })
      handedOn.set(node, addAll(sums))
      return flow
    },
  })
  expect(handedOn.size).toBeGreaterThan(0)
  for (const [node, tensor] of handedOn) {
    const expected = (await received.get(node)?.data()) ?? []
    expect(largestDifference(await tensor.data(), expected)).toBeLessThanOrEqual(
      1e-5 * largestValue(expected),
    )
  }
  tf.engine().endScope()
  tape.dispose()
  model.dispose()
}

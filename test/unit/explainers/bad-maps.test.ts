import { setImmediate } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { prepareModel, type PreparedModel } from '../../../src/engine/models/prepared-model.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../src/shared/names.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { changedModel } from '../../oracle/changed-model.ts'
import { largestDifference, largestValue } from '../../oracle/compare.ts'
import { explainOnce } from '../../oracle/explain-once.ts'
import { forSeeds } from '../../oracle/for-seeds.ts'
import { ALIVE_SEED, randomImages, randomModel } from '../../oracle/random-model.ts'

const explain = (model: PreparedModel) =>
  explainBatch(model, { images: randomImages(2, 1), targets: [0, 1], sampleIndices: [0, 1] }, ['sa'])

/** softplus of it is 0 in float32. */
const NO_BIAS = -200

/** Its activations are finite, since it begins with tiny weights; gradients meet its huge ones first. */
function steepModel(): PreparedModel {
  const scales: Record<string, number> = { 'in1.weight': 1e-30, 'out1.weight': 1e25, 'logits.weight': 1e25 }
  return prepareModel(
    changedModel(randomModel('deep', 1), (name, values) => {
      if (name.endsWith('.bias_raw')) return values.map(() => NO_BIAS)
      const scale = scales[name] ?? 1
      return values.map((value) => value * scale)
    }),
  )
}

/** A model whose weights and raw biases are changed by the tensor's name. */
const changed = (architecture: ArchitectureName, changes: Record<string, (value: number) => number>) =>
  changedModel(randomModel(architecture, ALIVE_SEED), (name, values) => {
    const change = changes[name] ?? (name.endsWith('.bias_raw') ? changes['biases'] : undefined)
    return change === undefined ? values : values.map(change)
  })

/** What one layer adds up is minus infinity, which its activation makes 0. */
const HIDDEN: readonly [string, Model, RegExp][] = [
  ['a ReLU', changed('deep', { 'out1.weight': (w) => -1e38 * Math.abs(w) }), /'out1' \(node \d+\)/],
  [
    'a sigmoid',
    changed('rlstm', { 'lstm.i.weight': (w) => -1e38 * Math.abs(w) }),
    /linear 'lstm' \(node \d+\)/,
  ],
]

describe.each(BACKENDS_HERE)('activations that leave float32 on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(ARCHITECTURE_NAMES)(
    'are refused with the node in every %s with huge weights',
    async (architecture) => {
      await forSeeds(async (seed) => {
        const huge = changedModel(randomModel(architecture, seed), (name, values) =>
          name.endsWith('.weight') ? values.map((value) => value * 1e30) : values,
        )
        const before = tf.memory().numTensors
        const refused = explainOnce(huge, randomImages(3, seed), [0, 1, 2], ['sa'])
        await expect(refused).rejects.toThrow(
          /NaN or infinity in the output of \w+ '\w+(\.\w)?' \(node \d+\)/,
        )
        expect(tf.memory().numTensors).toBe(before)
      })
    },
  )

  it.each(HIDDEN)('are refused where %s hides them', async (_, model, node) => {
    await expect(explainOnce(model, randomImages(3, 1), [0, 1, 2], ['sa'])).rejects.toThrow(node)
  })

  it('are not refused while each of them is finite, whatever their sum', async () => {
    const scaled = (up: number, down: number) =>
      changed('deep_v2', {
        'in1.weight': (w) => up * Math.abs(w),
        'in2.weight': (w) => down * w,
        biases: () => NO_BIAS,
      })
    const explain = (model: Model) => explainOnce(model, randomImages(3, 1).map(Math.abs), [0, 1, 2], ['gi'])
    const [small, large] = [await explain(scaled(1, 1)), await explain(scaled(3e37, 1e-19))]
    const expected = small.logits.map((logit) => 3e18 * logit)
    expect(largestDifference(large.logits, expected) / largestValue(expected)).toBeLessThan(1e-6)
  })
})

describe.each(BACKENDS_HERE)('gradients that leave float32 on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('are refused with the node where they first do, and leave no tensor behind', async () => {
    const model = steepModel()
    const before = tf.memory().numTensors
    const message = /in the map of 'sa' for sample 0 .* first at relu 'hidden' \(node \d+\)/
    await expect(explain(model)).rejects.toThrow(message)
    const weights = tf.memory().numTensors - before
    await expect(explain(model)).rejects.toThrow(message)
    expect(tf.memory().numTensors - before).toBe(weights)
    model.dispose()
  })

  it('touch nothing that is made meanwhile', async () => {
    const model = steepModel()
    const made: tf.Tensor[] = []
    const work = { pending: true }
    const refused = explain(model).finally(() => (work.pending = false))
    refused.catch(() => undefined)
    for (let turn = 1; work.pending; turn += 1) {
      made.push(tf.scalar(turn))
      // Between any two steps of the other's work; now and then a GPU must get its turn too.
      await (turn % 100 === 0 ? setImmediate() : Promise.resolve())
    }
    await expect(refused).rejects.toThrow('NaN or infinity')
    expect(made.length).toBeGreaterThan(3)
    expect(made.filter(({ isDisposed }) => isDisposed)).toEqual([])
    tf.dispose(made)
    model.dispose()
  })
})

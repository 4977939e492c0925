import { setImmediate } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import { prepareModel, type PreparedModel } from '../../../src/engine/models/prepared-model.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { changedModel } from '../../oracle/changed-model.ts'
import { randomImages, randomModel } from '../../oracle/random-model.ts'

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

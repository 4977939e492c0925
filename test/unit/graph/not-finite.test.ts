import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import { prepareAnyModel } from '../../../src/engine/graph/any-model.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { activation, dense, smallGraph, tensor } from './small-graph.ts'

const FUNCTIONS = ['relu', 'sigmoid', 'tanh'] as const

/** On a white image the node 'first' adds up to -6e38 and more for each of its units. */
const overflowing = (hidden: (typeof FUNCTIONS)[number]) =>
  smallGraph(
    [dense('first', 'input', 'a'), activation('active', 'first', hidden), dense('logits', 'active', 'b')],
    {
      a: tensor([2, 3], [-3e38, -3e38, -3e38, -3e38, -3e38, -3e38]),
      b: tensor([3, 2], [1, 2, -1, 1, 0.5, 1]),
    },
  )

describe.each(BACKENDS_HERE)('activations of a graph that leave float32 on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(FUNCTIONS)('are refused where %s hides them, and leave no tensor behind', async (hidden) => {
    const graph = prepareAnyModel(overflowing(hidden))
    const explain = () =>
      explainBatch(graph, { images: Float32Array.of(1, 1), targets: [0], sampleIndices: [0] }, ['gi'])
    const message = "NaN or infinity in the output of linear 'first' (node 1)"
    await expect(explain()).rejects.toThrow(message)
    const before = tf.memory().numTensors
    await expect(explain()).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
    graph.dispose()
  })
})

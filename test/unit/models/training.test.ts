import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { evaluate, type LabelledSequences } from '../../../src/engine/models/evaluate.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { prepareModel } from '../../../src/engine/models/prepared-model.ts'
import {
  learningRateAt,
  train,
  type ModelPlan,
  type Training,
  type TrainingOptions,
  type TrainingProgress,
} from '../../../src/engine/models/training.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { ARCHITECTURE_NAMES } from '../../../src/shared/names.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'

const PLAN: ModelPlan = {
  name: 'toy',
  architecture: 'deep',
  stationaryDropout: false,
  rows: 8,
  columns: 16,
  steps: 4,
  classes: 3,
  items: 1,
  metadata: {},
}
const OPTIONS: TrainingOptions = {
  epochs: 3,
  batchSize: 16,
  learningRate: 2e-3,
  finalLearningRate: 5e-4,
  keep: 0.8,
  seed: 6,
}

const PIXELS = PLAN.rows * PLAN.columns

/** Images whose class is the quarter of rows that is bright; the last batch of an epoch is smaller than the others. */
const SEQUENCES = brightRows(88)

function brightRows(count: number): LabelledSequences {
  const generator = seededGenerator(1, 'bright rows')
  const labels = Uint8Array.from({ length: count }, () => generator.uniformInt(0, PLAN.classes - 1))
  const images = Float32Array.from({ length: count * PIXELS }, (_, index) => {
    const [n, quarter] = [Math.floor(index / PIXELS), Math.floor((4 * (index % PIXELS)) / PIXELS)]
    return (labels[n] === quarter ? 0.8 : -0.8) + 0.2 * (2 * generator.float() - 1)
  })
  const render = (indices: Uint32Array) => {
    const rendered = new Float32Array(indices.length * PIXELS)
    indices.forEach((index, n) =>
      rendered.set(images.subarray(index * PIXELS, (index + 1) * PIXELS), n * PIXELS),
    )
    return rendered
  }
  return { count, labels, render }
}

function trainToy(changes: Partial<Training> = {}): Promise<Model> {
  return train({ plan: PLAN, sequences: SEQUENCES, options: OPTIONS, ...changes })
}

function expectSameWeights(one: Model, other: Model): void {
  expect([...one.weights.keys()]).toEqual([...other.weights.keys()])
  for (const [name, { data }] of one.weights) expect(data, name).toEqual(other.weights.get(name)?.data)
}

describe.each(BACKENDS_HERE)('training on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(ARCHITECTURE_NAMES)('%s learns: the loss falls and the accuracy rises', async (architecture) => {
    const reports: TrainingProgress[] = []
    const model = await trainToy({
      plan: { ...PLAN, architecture },
      options: { ...OPTIONS, epochs: 12 },
      validation: SEQUENCES,
      onProgress: (progress) => reports.push(progress),
    })
    const ends = reports.filter(({ validationAccuracy }) => validationAccuracy !== undefined)
    expect(ends.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    expect(ends.at(-1)?.loss ?? NaN).toBeLessThan(0.5 * (ends[0]?.loss ?? NaN))
    expect(ends.at(-1)).toMatchObject({ step: 72, totalSteps: 72, secondsLeft: 0 })
    const prepared = prepareModel(model)
    const accuracy = await evaluate(prepared, SEQUENCES)
    prepared.dispose()
    expect(accuracy).toBeGreaterThan(0.9)
    expect(ends.at(-1)?.validationAccuracy).toBe(accuracy)
  })

  it('the same seed gives the same weights, another seed others', async () => {
    const first = await trainToy()
    expectSameWeights(await trainToy(), first)
    const other = await trainToy({ options: { ...OPTIONS, seed: 7 } })
    expect(other.weights.get('in1.weight')?.data).not.toEqual(first.weights.get('in1.weight')?.data)
  })

  it.each([
    ['deep', false],
    ['rlstm', true],
    ['convrlstm_lateral', false],
  ] as const)(
    '%s resumed from a checkpoint gives the weights of an uninterrupted run',
    async (architecture, stationaryDropout) => {
      const plan = { ...PLAN, architecture, stationaryDropout }
      const whole = await trainToy({ plan })
      const stop = new AbortController()
      const checkpoints: Uint8Array[] = []
      const stopped = trainToy({
        plan,
        signal: stop.signal,
        checkpointSteps: 5,
        onCheckpoint: (checkpoint) => {
          checkpoints.push(checkpoint)
          if (checkpoints.length === 3) stop.abort()
        },
      })
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 })
      expect(checkpoints).toHaveLength(4)
      for (const resumeFrom of [checkpoints[0], checkpoints[3]]) {
        if (resumeFrom === undefined) throw new Error('no checkpoint')
        expectSameWeights(await trainToy({ plan, resumeFrom }), whole)
      }
    },
  )

  it('stationary dropout makes a difference', async () => {
    const stationary = await trainToy({ plan: { ...PLAN, stationaryDropout: true } })
    const fresh = await trainToy()
    expect(stationary.weights.get('hidden.weight')?.data).not.toEqual(
      fresh.weights.get('hidden.weight')?.data,
    )
  })

  it('refuses the checkpoint of another training', async () => {
    let checkpoint = new Uint8Array()
    await trainToy({
      options: { ...OPTIONS, epochs: 1 },
      onCheckpoint: (bytes) => void (checkpoint = Uint8Array.from(bytes)),
    })
    const resumed = trainToy({ resumeFrom: checkpoint })
    await expect(resumed).rejects.toThrow(HeatproofError)
    await expect(resumed).rejects.toMatchObject({ code: 'conflict' })
    await expect(trainToy({ resumeFrom: checkpoint.subarray(0, 100) })).rejects.toMatchObject({
      code: 'bad_file',
    })
  })

  it.each(ARCHITECTURE_NAMES)('of %s stops with the node that is no longer finite', async (architecture) => {
    const options = { ...OPTIONS, learningRate: 1e30, finalLearningRate: 1e30 }
    const training = trainToy({ plan: { ...PLAN, architecture }, options })
    await expect(training).rejects.toThrow(
      /NaN or infinity in the output of \w+ '\w+(\.\w)?' \(node \d+\) in step \d+.*smaller learning rate/,
    )
    await expect(training).rejects.toMatchObject({ code: 'bad_values' })
  })

  it('leaves no tensor behind', async () => {
    await trainToy({ options: { ...OPTIONS, epochs: 1 } })
    const before = tf.memory().numTensors
    await trainToy({ options: { ...OPTIONS, epochs: 1 }, validation: SEQUENCES })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('learning rate', () => {
  it('falls by a cosine from the first to the last', () => {
    expect(learningRateAt(OPTIONS, 0, 100)).toBeCloseTo(2e-3, 12)
    expect(learningRateAt(OPTIONS, 50, 100)).toBeCloseTo(1.25e-3, 12)
    expect(learningRateAt(OPTIONS, 100, 100)).toBeCloseTo(5e-4, 12)
  })
})

import * as tf from '@tensorflow/tfjs-core'
import { TrainRequest } from '../../shared/contract/runs.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import type { ArchitectureName } from '../../shared/names.ts'
import { CPU_BATCH } from '../../engine/compute/batch-size.ts'
import { explainBatch } from '../../engine/explainers/explain-batch.ts'
import { planOfRequest } from '../../engine/jobs/training-setup.ts'
import { readLogits, recordForward } from '../../engine/models/forward.ts'
import { initialWeights } from '../../engine/models/initial-weights.ts'
import { newLayout, type ModelLayout } from '../../engine/models/layout.ts'
import type { Model } from '../../engine/models/model.ts'
import { prepareModel, type PreparedModel } from '../../engine/models/prepared-model.ts'
import { train } from '../../engine/models/training.ts'
import { seededGenerator } from '../../shared/seeds.ts'

/** Sequences of a batch, as many as a run takes. */
export const BATCH = CPU_BATCH
/** Training steps that are timed together, and the sequences of a step. */
export const TRAINING_STEPS = 20
const TRAINING_BATCH = 50

/** The four methods that the speed goals name. */
export const FOUR_METHODS = ['sa', 'gb', 'dtd', 'lrp_a1.5b0.5'] as const
/** All methods of the sample run. */
export const ALL_METHODS = STANDARD_METHODS

export const TASKS = ['product', 'forward', 'dtd', 'four', 'all', 'train'] as const
export type TaskName = (typeof TASKS)[number]

/** A piece of work. It gives the maps, if any, which then leave the thread as those of a run do. */
export type Task = () => Promise<readonly ArrayBuffer[]>

/** The pieces of work that are timed, each for one batch (`train`: for {@link TRAINING_STEPS} steps). */
export function tasksOf(architecture: ArchitectureName): Record<TaskName, Task> & {
  /** Floating point operations of a forward pass. */
  forwardFlops: number
} {
  const fresh = freshModel(architecture)
  const { weights: _, ...plan } = fresh
  const layout = newLayout(architecture, plan)
  const model = prepareModel(fresh)
  const images = noise(BATCH * plan.rows * plan.columns)
  const flops = forwardFlops(layout)
  const explain = (methods: readonly string[]) => async () => {
    const sampleIndices = Array.from({ length: BATCH }, (_, index) => index)
    const { methods: made } = await explainBatch(
      model,
      { images, targets: 'predicted', sampleIndices },
      methods,
    )
    return [...made.values()].flatMap(({ maps: { buffer } }) =>
      buffer instanceof ArrayBuffer ? [buffer] : [],
    )
  }
  return {
    forwardFlops: flops,
    product: matrixProduct(flops),
    forward: () => forward(model, images),
    dtd: explain(['dtd']),
    four: explain(FOUR_METHODS),
    all: explain(ALL_METHODS),
    async train() {
      const count = TRAINING_STEPS * TRAINING_BATCH
      await train({
        plan,
        sequences: {
          count,
          labels: Array.from({ length: count }, (_, index) => index % plan.classes),
          render: (indices) => images.subarray(0, indices.length * plan.rows * plan.columns),
        },
        options: {
          epochs: 1,
          batchSize: TRAINING_BATCH,
          learningRate: 1e-3,
          finalLearningRate: 1e-3,
          keep: 0.8,
          seed: 1,
        },
      })
      return []
    },
  }
}

async function forward(model: PreparedModel, images: Float32Array): Promise<[]> {
  const recorded = recordForward(model, images)
  try {
    await readLogits(recorded)
    return []
  } finally {
    recorded.tape.dispose()
  }
}

/** One float32 product of as many operations as a forward pass: the machine's limit, and the yardstick of all ratios. */
function matrixProduct(flops: number): Task {
  const inner = 256
  const rows = BATCH * 12
  const columns = Math.round(flops / (2 * rows * inner))
  const left = tf.tensor2d(noise(rows * inner), [rows, inner])
  const right = tf.tensor2d(noise(inner * columns), [inner, columns])
  return async () => {
    const product = tf.matMul(left, right)
    await tf.tidy(() => tf.sum(product)).data()
    product.dispose()
    return []
  }
}

/** Two operations a weight, sequence, cell and use; layers that feed only the read-out are used once, all others every step. */
export function forwardFlops(layout: ModelLayout): number {
  const once = new Set(['out1', 'logits'])
  return Object.keys(layout.layers).reduce((total, layer) => {
    const { height, width, channels } = layout.extentOf(layer)
    const uses = once.has(layer) ? 1 : layout.sizes.steps
    return total + 2 * layout.fanIn(layer) * height * width * channels * BATCH * uses
  }, 0)
}

/** An untrained network of the sizes of the method card, on three digits in twelve steps. */
export function freshModel(architecture: ArchitectureName): Model {
  const plan = planOfRequest(TrainRequest.parse({ architecture, dataset: 'mnist-3-digits-maj' }))
  return { ...plan, weights: initialWeights(newLayout(architecture, plan), 1) }
}

function noise(length: number): Float32Array {
  const generator = seededGenerator(1, 'bench')
  return Float32Array.from({ length }, () => 2 * generator.float() - 1)
}

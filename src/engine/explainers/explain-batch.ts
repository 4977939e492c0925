import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import { parseMethod, type Method } from '../../shared/methods.ts'
import { randomMap } from '../metrics/random-map.ts'
import { oneHot } from '../models/one-hot.ts'
import { readLogits, predictedClasses, recordForward } from '../models/forward.ts'
import type { Forward } from '../models/forward.ts'
import type { PreparedModel } from '../models/prepared-model.ts'
import { propagate, type Signal } from '../models/propagate.ts'
import { fromSteps } from '../models/steps.ts'
import { assessMaps, type MethodMaps } from './assess-maps.ts'
import { explainerOf, type Explainer } from './explainers.ts'

export interface BatchToExplain {
  /** [N, rows, columns], -1 (black) to 1 (white). */
  readonly images: Float32Array
  /** The class explained for each sample, or `predicted`: the class of the largest logit. */
  readonly targets: ArrayLike<number> | 'predicted'
  /** Each sample's index, which decides its `random` map. */
  readonly sampleIndices: ArrayLike<number>
}

export interface BatchExplanation {
  /** [N, classes] */
  readonly logits: Float32Array
  /** [N]: the class explained for each sample. */
  readonly targets: Int32Array
  /** By the method's id. */
  readonly methods: ReadonlyMap<string, MethodMaps>
}

/**
 * Explains a batch of N samples by several methods that share one forward pass.
 *
 * @param methods ids as `parseMethod` knows them
 * @throws HeatproofError `unknown_method`; `bad_values` (pixels or targets out of range; NaN or infinity in a result,
 *   with the name of the node or method: such a result never leaves the engine)
 */
export async function explainBatch(
  model: PreparedModel,
  batch: BatchToExplain,
  methods: readonly string[],
): Promise<BatchExplanation> {
  const { rows, columns, classes } = model.layout.sizes
  const parsed = methods.map((id) => [id, parseMethod(id)] as const)
  const forward = recordForward(model, batch.images)
  try {
    const logits = await readLogits(forward)
    const targets =
      batch.targets === 'predicted'
        ? predictedClasses(logits, classes)
        : checkedTargets(batch.targets, forward.tape.batchSize, classes)
    const explained = Float64Array.from(targets, (target, n) => logits[n * classes + target] ?? NaN)
    const walked = await walkedMaps(model, forward, targets, parsed)
    const results = parsed.map(([id, method]) => {
      const maps = walked.get(id) ?? randomMaps(method, batch.sampleIndices, targets.length, rows * columns)
      return [id, assessMaps(id, method, maps, explained)] as const
    })
    return { logits, targets, methods: new Map(results) }
  } finally {
    forward.tape.dispose()
  }
}

/** The maps of all methods that walk the tape, by id: [N, rows, columns]. */
async function walkedMaps(
  { layout }: PreparedModel,
  forward: Forward,
  targets: Int32Array,
  methods: readonly (readonly [string, Method])[],
): Promise<Map<string, Float32Array>> {
  const tensors = tf.tidy(() => {
    const oneHotTargets = oneHot(targets, layout.sizes.classes)
    const arrived = new Map<string, Signal>()
    const maps: Record<string, tf.Tensor2D> = {}
    for (const [id, method] of methods) {
      if (method.family === 'random') continue
      const explainer = explainerOf(method)
      const signal = arrived.get(explainer.walk) ?? tf.tidy(() => walkBack(forward, explainer, oneHotTargets))
      arrived.set(explainer.walk, signal)
      maps[id] = explainer.map(forward.tape.pixels.value, signal)
    }
    return maps
  })
  const maps = new Map<string, Float32Array>()
  try {
    for (const [id, tensor] of Object.entries(tensors)) {
      maps.set(id, fromSteps((await tensor.data()) as Float32Array, layout.sizes))
    }
  } finally {
    tf.dispose(tensors)
  }
  return maps
}

function walkBack({ tape, logits }: Forward, explainer: Explainer, oneHotTargets: tf.Tensor2D): Signal {
  const start = explainer.start(tape, logits, oneHotTargets)
  return propagate(tape, logits, start, explainer.rules(tape)) ?? tf.zerosLike(tape.pixels.value)
}

function randomMaps(
  method: Method,
  sampleIndices: ArrayLike<number>,
  count: number,
  pixels: number,
): Float32Array {
  const seed = method.family === 'random' ? method.seed : 0
  const maps = new Float32Array(count * pixels)
  for (let n = 0; n < count; n += 1) {
    maps.set(randomMap(pixels, seed, sampleIndices[n] ?? n), n * pixels)
  }
  return maps
}

function checkedTargets(targets: ArrayLike<number>, count: number, classes: number): Int32Array {
  const bad = Array.from(targets).find(
    (target) => !(Number.isInteger(target) && target >= 0 && target < classes),
  )
  if (targets.length === count && bad === undefined) return Int32Array.from(targets)
  throw new HeatproofError('bad_values', {
    found: bad === undefined ? `${targets.length} targets for ${count} samples` : `the target class ${bad}`,
    expected: `one class from 0 to ${classes - 1} a sample`,
    advice: 'Give one label a sample, or explain the predicted class.',
  })
}

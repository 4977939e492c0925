import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import { parseMethod, type Method } from '../../shared/methods.ts'
import { oneHot } from '../models/one-hot.ts'
import { readLogits, predictedClasses, recordForward } from '../models/forward.ts'
import type { Forward } from '../models/forward.ts'
import type { PreparedModel } from '../models/prepared-model.ts'
import { propagate, type Signal } from '../models/propagate.ts'
import { fromSteps } from '../models/steps.ts'
import { assessMaps, type MethodMaps } from './assess-maps.ts'
import type { Attribution } from './attribution.ts'
import type { KeptRelevance } from './epsilon.ts'
import { explainerOf, type Explainer } from './explainers.ts'
import { perturbedMaps, type PerturbingMethod } from './perturbed-maps.ts'

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
  const { classes } = model.layout.sizes
  const parsed = methods.map((id) => [id, parseMethod(id)] as const)
  const forward = recordForward(model, batch.images)
  try {
    const logits = await readLogits(forward)
    const targets =
      batch.targets === 'predicted'
        ? predictedClasses(logits, classes)
        : checkedTargets(batch.targets, forward.tape.batchSize, classes)
    const inputs = { images: batch.images, targets, sampleIndices: batch.sampleIndices }
    const explained = Float64Array.from(targets, (target, n) => logits[n * classes + target] ?? NaN)
    const walked = await walkedMaps(model, forward, targets, parsed)
    const methodMaps = new Map<string, MethodMaps>()
    for (const [id, method] of parsed) {
      const made = isPerturbing(method)
        ? await perturbedMaps(model, inputs, explained, method)
        : walked.get(id)
      if (made !== undefined) methodMaps.set(id, assessMaps(id, method, made, explained))
    }
    return { logits, targets, methods: methodMaps }
  } finally {
    forward.tape.dispose()
  }
}

const PERTURBING: readonly Method['family'][] = ['ig', 'smoothgrad', 'occlusion', 'random']

function isPerturbing(method: Method): method is PerturbingMethod {
  return PERTURBING.includes(method.family)
}

/** What all methods that walk the tape make of the batch, by id. */
async function walkedMaps(
  { layout }: PreparedModel,
  forward: Forward,
  targets: Int32Array,
  methods: readonly (readonly [string, Method])[],
): Promise<Map<string, Attribution>> {
  const tensors = tf.tidy(() => {
    const oneHotTargets = oneHot(targets, layout.sizes.classes)
    const walks = new Map<string, Walk>()
    const results: Record<string, Walk> = {}
    for (const [id, method] of methods) {
      if (isPerturbing(method)) continue
      const explainer = explainerOf(method)
      const walk = walks.get(explainer.walk) ?? tf.tidy(() => walkBack(forward, explainer, oneHotTargets))
      walks.set(explainer.walk, walk)
      results[id] = { ...walk, arrived: explainer.map(forward.tape.pixels.value, walk.arrived) }
    }
    return results
  })
  const attributions = new Map<string, Attribution>()
  try {
    for (const [id, { arrived, epsilon, bias }] of Object.entries(tensors)) {
      const kept = epsilon && bias ? { epsilon: await float32(epsilon), bias: await float32(bias) } : null
      attributions.set(id, { maps: fromSteps(await float32(arrived), layout.sizes), kept, difference: null })
    }
  } finally {
    tf.dispose(tensors)
  }
  return attributions
}

/** What arrived at the pixels, [T*N, pixels of a step], and what epsilon and biases kept on the way, [N]. */
type Walk = { arrived: Signal; epsilon?: tf.Tensor1D; bias?: tf.Tensor1D }

function walkBack({ tape, logits }: Forward, explainer: Explainer, oneHotTargets: tf.Tensor2D): Walk {
  const start = explainer.start(tape, logits, oneHotTargets)
  const kept: KeptRelevance[] = []
  const arrived =
    propagate(tape, logits, start, explainer.rules(tape), (node, flow) => {
      if (explainer.kept && node.operation !== 'linear') kept.push(explainer.kept(tape, node, flow))
    }) ?? tf.zerosLike(tape.pixels.value)
  if (kept.length === 0) return { arrived }
  return {
    arrived,
    epsilon: tf.addN(kept.map(({ epsilon }) => epsilon)),
    bias: tf.addN(kept.map(({ bias }) => bias)),
  }
}

async function float32(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array
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

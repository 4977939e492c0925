import * as tf from '@tensorflow/tfjs-core'
import { disposeForward, readAnyLogits, recordInputs } from '../graph/any-forward.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import { GraphForward } from '../graph/graph-forward.ts'
import { graphInputGradient } from '../graph/graph-maps.ts'
import { gradientRules } from '../models/gradient.ts'
import { oneHot } from '../models/one-hot.ts'
import { propagate, type Signal } from '../models/propagate.ts'
import { fromSteps } from '../models/steps.ts'
import { valuesOf } from '../models/layout.ts'

/** Variants of a batch of N inputs: the k-th of all of them, [N, rows, columns, channels]. */
export interface InputVariants {
  readonly count: number
  /** Called once for each k in order; the array may be reused. */
  readonly at: (k: number) => Float32Array
}

/**
 * The mean over variants of the inputs of df/dx, or of its square. One variant of the whole batch is on the backend at
 * a time, so memory does not grow with their number.
 *
 * @param targets [N]: the class explained for each sample, the same for all variants
 * @returns [N, rows, columns, channels]
 * @throws HeatproofError `bad_values` naming the node of a forward pass that gives NaN or infinity
 */
export async function meanGradient(
  model: AnyPreparedModel,
  targets: Int32Array,
  variants: InputVariants,
  reduce: (gradient: Signal) => Signal = (gradient) => gradient,
): Promise<Float32Array> {
  const { sizes } = model.layout
  const total = new Float64Array(targets.length * valuesOf(sizes))
  for (let k = 0; k < variants.count; k += 1) {
    const gradient = await gradientAt(model, targets, variants.at(k), reduce)
    for (let index = 0; index < total.length; index += 1) {
      total[index] = (total[index] ?? 0) + (gradient[index] ?? 0)
    }
  }
  return Float32Array.from(total, (sum) => sum / variants.count)
}

/** [N, rows, columns, channels] */
async function gradientAt(
  model: AnyPreparedModel,
  targets: Int32Array,
  inputs: Float32Array,
  reduce: (gradient: Signal) => Signal,
): Promise<Float32Array> {
  const forward = recordInputs(model, inputs)
  try {
    await readAnyLogits(forward)
    if (forward instanceof GraphForward) return await graphInputGradient(forward, targets, reduce)
    const { tape, logits } = forward
    const gradient = tf.tidy(() => {
      const start = [oneHot(targets, model.layout.sizes.classes)]
      const arrived = propagate(tape, logits, start, gradientRules(tape))
      return fromSteps(reduce(arrived ?? tf.zerosLike(tape.pixels.value)), model.layout.sizes)
    })
    const values = (await gradient.data()) as Float32Array
    gradient.dispose()
    return values
  } finally {
    disposeForward(forward)
  }
}

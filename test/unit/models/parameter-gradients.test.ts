import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { dropoutMasks } from '../../../src/engine/models/dropout.ts'
import { LayerWeights } from '../../../src/engine/models/layer-weights.ts'
import { crossEntropy } from '../../../src/engine/models/loss.ts'
import type { ModelSizes } from '../../../src/engine/models/layout.ts'
import { layoutOf } from '../../../src/engine/models/model.ts'
import {
  parameterGradients,
  rawBiasGradient,
  readGradients,
} from '../../../src/engine/models/parameter-gradients.ts'
import { toSteps } from '../../../src/engine/models/steps.ts'
import { Tape } from '../../../src/engine/models/tape.ts'
import { ARCHITECTURE_NAMES } from '../../../src/shared/names.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../oracle/compare.ts'
import { randomImages, randomModel } from '../../oracle/random-model.ts'

const COUNT = 6
/** Pools halve these sides without a rest: autodiff has the average of a cut window wrong. */
const SIZES: ModelSizes = { rows: 8, columns: 16, steps: 4, classes: 3 }
const LABELS = [0, 1, 2, 2, 1, 0]

/**
 * Of the largest gradient. WGSL grants `exp` an error of 3 + 2|x| units in the last place, and gates are less exact there
 * than on the other backends (measured: 5e-7 instead of 2e-7, relative); 1 - y of a gate near 1 magnifies it, and with
 * sigmoids spoilt as much, wasm is off by 1.5e-5 to 9e-5 too.
 */
const TOLERANCE = { tensorflow: 1e-5, wasm: 1e-5, webgpu: 3e-5 }

/** Cross-entropy with the pseudo-logit, written with tensors that tfjs can derive. */
function autodiffLoss(logits: tf.Tensor2D): tf.Scalar {
  const all = tf.concat([logits, tf.zeros([COUNT, 1])], 1)
  const own = tf.sum(
    tf.mul(all, tf.cast(tf.oneHot(tf.tensor1d(LABELS, 'int32'), SIZES.classes + 1), 'float32')),
    1,
  )
  return tf.mean(tf.sub(tf.logSumExp(all, 1), own))
}

describe.each(BACKENDS_HERE)('parameter gradients on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  describe.each(ARCHITECTURE_NAMES)('%s', (architecture) => {
    it.each([false, true])(
      'equal autodiff through the same forward pass (stationary dropout: %s)',
      async (stationary) => {
        const model = randomModel(architecture, 4, SIZES)
        const layout = layoutOf(model)
        const images = randomImages(COUNT, 5, SIZES)
        const names = [...model.weights.keys()]
        const tensorsHere = () =>
          names.map((name) => {
            const tensor = model.weights.get(name)
            return tf.tensor(tensor?.data ?? [], tensor?.shape)
          })
        const tapeOf = (tensors: tf.Tensor[]) => {
          const weights = new LayerWeights(
            layout,
            new Map(names.map((name, i) => [name, tensors[i] ?? tf.scalar(0)])),
          )
          const masks = dropoutMasks({
            keep: 0.7,
            stationary,
            seed: 3,
            trainingStep: 4,
            steps: SIZES.steps,
          })
          const pixels = toSteps(images, SIZES)
          return new Tape(weights, pixels, SIZES.steps, masks)
        }
        // The one backend that can derive every operation.
        await tf.setBackend('cpu')
        const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
          autodiffLoss(layout.architecture.forward(tapeOf(tensors)).value),
        )(tensorsHere())
        const [expectedLoss = NaN] = await value.data()
        const derived = await Promise.all(grads.map((gradient) => gradient.data()))

        await useBackend(backend)
        const tape = tapeOf(tensorsHere())
        const logits = layout.architecture.forward(tape)
        const loss = crossEntropy((await logits.value.data()) as Float32Array, LABELS, SIZES.classes)
        const gradient = tf.tensor2d(loss.gradient, [COUNT, SIZES.classes])
        const read = await readGradients(parameterGradients(tape, logits, gradient, layout), layout)

        expect(Math.abs(loss.loss - expectedLoss)).toBeLessThan(1e-5 * expectedLoss)
        for (const [index, name] of names.entries()) {
          const own = read.get(name) ?? new Float32Array()
          if (name.endsWith('.bias_raw'))
            rawBiasGradient(own, model.weights.get(name)?.data ?? new Float32Array())
          const expected = derived[index] ?? []
          expect(largestValue(expected), name).toBeGreaterThan(0)
          expect(largestDifference(own, expected), name).toBeLessThan(
            TOLERANCE[backend] * largestValue(expected),
          )
        }
      },
    )
  })
})

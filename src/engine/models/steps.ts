import * as tf from '@tensorflow/tfjs-core'

/** The sizes that decide where a pixel goes. */
interface StepSizes {
  readonly rows: number
  readonly columns: number
  readonly steps: number
}

/**
 * Cuts images into the steps that the network reads, from left to right.
 *
 * @param images [N, rows, columns]
 * @returns [T*N, rows * columns / T]: row `t * N + n` is step t of image n, its pixels row by row
 */
export function toSteps(images: Float32Array, { rows, columns, steps }: StepSizes): tf.Tensor2D {
  const width = columns / steps
  return tf.tidy(() => {
    const cut = tf.tensor(images, [images.length / (rows * columns), rows, steps, width])
    return tf.reshape<tf.Rank.R2>(tf.transpose(cut, [2, 0, 1, 3]), [-1, rows * width])
  })
}

/** The inverse of {@link toSteps}: [N, rows, columns]. */
export function fromSteps(stepped: tf.Tensor2D, { rows, columns, steps }: StepSizes): tf.Tensor3D {
  const count = stepped.size / (rows * columns)
  return tf.tidy(() => {
    const cut = tf.reshape(stepped, [steps, count, rows, columns / steps])
    return tf.reshape<tf.Rank.R3>(tf.transpose(cut, [1, 2, 0, 3]), [count, rows, columns])
  })
}

import * as tf from '@tensorflow/tfjs-core'

/** [N, classes]: 1 at each sample's class, else 0. (`tf.oneHot` gives whole numbers on wasm, whatever type is asked for.) */
export function oneHot(labels: ArrayLike<number>, classes: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes)
  for (let n = 0; n < labels.length; n += 1) values[n * classes + (labels[n] ?? 0)] = 1
  return tf.tensor2d(values, [labels.length, classes])
}

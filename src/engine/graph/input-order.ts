import * as tf from '@tensorflow/tfjs-core'
import type { GraphModel } from './graph-model.ts'

/** Images [N, rows, columns, channels] as the network reads them: [N, ...shape of its input]. */
export function fromImages(images: tf.Tensor4D, model: GraphModel): tf.Tensor {
  return tf.reshape(inOrder(images, model), [images.shape[0], ...model.graph.input.shape])
}

function inOrder(images: tf.Tensor4D, { rows, columns, steps, graph }: GraphModel): tf.Tensor {
  switch (graph.input.order) {
    case 'image':
      return images
    case 'planes':
      return tf.transpose(images, [0, 3, 1, 2])
    case 'steps':
      return tf.transpose(tf.reshape(images, [-1, rows, steps, columns / steps]), [0, 2, 1, 3])
  }
}

/** The inverse of {@link fromImages}: what belongs to the input, as [N, rows, columns, channels]. */
export function toImages(values: tf.Tensor, model: GraphModel): tf.Tensor4D {
  const { rows, columns, channels = 1, steps, graph } = model
  const [count = 0] = values.shape
  switch (graph.input.order) {
    case 'image':
      return tf.reshape(values, [count, rows, columns, channels])
    case 'planes':
      return tf.transpose(tf.reshape<tf.Rank.R4>(values, [count, channels, rows, columns]), [0, 2, 3, 1])
    case 'steps': {
      const cut = tf.reshape<tf.Rank.R4>(values, [count, steps, rows, columns / steps])
      return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [count, rows, columns, channels])
    }
  }
}

/** What belongs to the pixels, [N, rows, columns]: the sum of what belongs to their channels. */
export function toPixels(values: tf.Tensor, model: GraphModel): tf.Tensor3D {
  return tf.sum(toImages(values, model), 3)
}

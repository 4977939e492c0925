import * as tf from '@tensorflow/tfjs-core'
import type { GraphModel } from './graph-model.ts'

/** Images [N, rows, columns] as the network reads them: [N, ...shape of its input]. */
export function fromImages(images: tf.Tensor, model: GraphModel): tf.Tensor {
  const { order, shape } = model.graph.input
  const [count = 0] = images.shape
  return tf.reshape(order === 'image' ? images : cutIntoSteps(images, model), [count, ...shape])
}

/** The inverse of {@link fromImages}: what belongs to the input, pixel by pixel. */
export function toImages(values: tf.Tensor, model: GraphModel): tf.Tensor3D {
  const { rows, columns, steps, graph } = model
  const [count = 0] = values.shape
  if (graph.input.order === 'image') return tf.reshape(values, [count, rows, columns])
  const cut = tf.reshape<tf.Rank.R4>(values, [count, steps, rows, columns / steps])
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [count, rows, columns])
}

function cutIntoSteps(images: tf.Tensor, { rows, columns, steps }: GraphModel): tf.Tensor {
  const cut = tf.reshape<tf.Rank.R4>(images, [-1, rows, steps, columns / steps])
  return tf.transpose(cut, [0, 2, 1, 3])
}

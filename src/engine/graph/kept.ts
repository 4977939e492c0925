import * as tf from '@tensorflow/tfjs-core'
import { addAll } from '../models/tape.ts'

/** Relevance that stays in a node, [N] each. */
export type Kept = { epsilon: tf.Tensor1D; bias: tf.Tensor1D }

/** Relevance of units that nothing of the image made. */
export function keptByBias(lost: readonly tf.Tensor[]): Kept {
  const bias = sumRows(addAll(lost))
  return { epsilon: tf.zerosLike(bias), bias }
}

/** [N]: everything of a sample. */
export function sumRows(values: tf.Tensor): tf.Tensor1D {
  const [count = 0] = values.shape
  return tf.sum(tf.reshape<tf.Rank.R2>(values, [count, -1]), 1)
}

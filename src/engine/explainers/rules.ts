import * as tf from '@tensorflow/tfjs-core'

/** The smallest normal float32. Added to a denominator it turns 0 / 0 into 0 and is lost in every other sum. */
const SMALLEST = 2 ** -126
const LARGEST = 3.4e38
/** Denominators of unfloored negative flow are kept this far from 0, so that the ratio stays finite. */
const STABILISER = 1e-30

/**
 * `value / denominator` for `0 <= value <= denominator`, as the denominators of positive flow are: where the
 * denominator is 0 so is the value, and the ratio.
 */
export function ratioToPositive(value: tf.Tensor2D, denominator: tf.Tensor2D): tf.Tensor2D {
  return tf.div(value, tf.add(denominator, SMALLEST))
}

/** `value / denominator` for a denominator that is negative wherever the value is not 0. */
export function ratioToNegative(value: tf.Tensor2D, denominator: tf.Tensor2D): tf.Tensor2D {
  return tf.div(value, tf.sub(denominator, SMALLEST))
}

/** `value / denominator` for a denominator <= 0; 0 where the denominator is 0: nothing flowed there. */
export function ratioToNegativeOrZero(value: tf.Tensor2D, denominator: tf.Tensor2D): tf.Tensor2D {
  const ratio = tf.div(value, tf.clipByValue(denominator, -LARGEST, -STABILISER))
  return tf.mul(ratio, tf.step(tf.neg(denominator)))
}

/**
 * z-B: `R_i = sum_j (x_i w_ij - l w+_ij - h w-_ij) s_j`
 *
 * @param weighted `sum_j w_ij s_j`
 * @param boxed `sum_j (-l w+_ij - h w-_ij) s_j`
 */
export function boxRelevance(x: tf.Tensor2D, weighted: tf.Tensor2D, boxed: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.mul(x, weighted), boxed)
}

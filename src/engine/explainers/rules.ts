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

/** alpha-beta, divided by x: `c_i = sum_j (alpha w+_ij s+_j - beta w-_ij s-_j)`, with the scaled parts transposed. */
export function alphaBetaCoefficient(positive: FlowPart, negative: FlowPart | undefined): tf.Tensor2D {
  const spent = tf.matMul<tf.Tensor2D>(positive.ratio, positive.weight)
  return negative === undefined ? spent : tf.add(spent, tf.matMul(negative.ratio, negative.weight))
}

/** Ratios `s` of relevance to one flow, [N, units], and that part of the weights, scaled and transposed. */
export interface FlowPart {
  readonly ratio: tf.Tensor2D
  readonly weight: tf.Tensor2D
}

/** z-B: `R_i = sum_j (x_i w_ij - l w+_ij - h w-_ij) s_j`, with w and `box = -l w+ - h w-` transposed. */
export function boxRelevance(
  x: tf.Tensor2D,
  ratio: tf.Tensor2D,
  weight: tf.Tensor2D,
  box: tf.Tensor2D,
): tf.Tensor2D {
  return tf.add(tf.mul(x, tf.matMul(ratio, weight)), tf.matMul(ratio, box))
}

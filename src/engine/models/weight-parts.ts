import * as tf from '@tensorflow/tfjs-core'

/** What of a weight a rule multiplies by. */
export interface WeightPart {
  /** Names the part among all others: equal names mean equal tensors. */
  readonly name: string
  readonly of: (weight: tf.Tensor) => tf.Tensor
}

/** Floor of `w+` and -`w-` in hidden alpha-beta layers: it keeps a little flow where there would be none. */
export const WEIGHT_FLOOR = 1e-9
/** The range of pixels: [-1, 1]. */
export const PIXEL_BOX = { low: -1, high: 1 } as const

export const WHOLE: WeightPart = { name: 'whole', of: (w) => w }
/** `w+ = max(w, 0)` */
export const POSITIVE: WeightPart = { name: 'positive', of: (w) => tf.relu(w) }
/** `w- = min(w, 0)` */
export const NEGATIVE: WeightPart = { name: 'negative', of: (w) => tf.minimum(w, 0) }
/** `w+ = max(w, 1e-9)` */
export const POSITIVE_FLOORED: WeightPart = {
  name: 'positive floored',
  of: (w) => tf.maximum(w, WEIGHT_FLOOR),
}
/** `w- = min(w, -1e-9)` */
export const NEGATIVE_FLOORED: WeightPart = {
  name: 'negative floored',
  of: (w) => tf.minimum(w, -WEIGHT_FLOOR),
}
/** `-l w+ - h w-`, what the box adds to a pixel's part in the z-B rule */
export const BOX: WeightPart = { name: 'box', of: (w) => boxPart(w, PIXEL_BOX.low, PIXEL_BOX.high) }

export function boxPart(w: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.sub(tf.mul(tf.relu(w), -low), tf.mul(tf.minimum(w, 0), high))
}

/** A part times a number. */
export function scaled(part: WeightPart, factor: number): WeightPart {
  return factor === 1 ? part : { name: `${part.name} * ${factor}`, of: (w) => tf.mul(part.of(w), factor) }
}

/** `alpha w+ - beta w-`: what a state takes where it shares a denominator with pixels. */
export function alphaBetaPart(alpha: number, beta: number): WeightPart {
  return {
    name: `${alpha} positive - ${beta} negative`,
    of: (w) => tf.sub(tf.mul(tf.relu(w), alpha), tf.mul(tf.minimum(w, 0), beta)),
  }
}

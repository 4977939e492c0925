import * as tf from '@tensorflow/tfjs-core'
import { poolOnWasm, spreadOnWasm } from '../compute/wasm/pooling.ts'
import type { Extent } from './convolution.ts'

/*
 * Pooling as the reference work has it: the average of a 2x2 window, times 2. A window that the border cuts averages over
 * its real cells. Values are rows that hold an image row by row, its channels innermost.
 */

/** Side of a window, and its stride. */
const SIDE = 2
const FACTOR = 2

export function pooledExtent({ height, width, channels }: Extent): Extent {
  return { height: Math.ceil(height / SIDE), width: Math.ceil(width / SIDE), channels }
}

/** [rows, values of `extent`] -> [rows, values of the pooled extent] */
export function pool(x: tf.Tensor2D, extent: Extent): tf.Tensor2D {
  if (tf.getBackend() === 'wasm') return poolOnWasm(x, extent)
  const { height, width, channels } = extent
  const images = tf.reshape<tf.Rank.R4>(x, [x.shape[0], height, width, channels])
  const averages = tf.avgPool<tf.Tensor4D>(images, SIDE, SIDE, 'same')
  return tf.mul(tf.reshape<tf.Rank.R2>(averages, [x.shape[0], averages.size / x.shape[0]]), FACTOR)
}

/** What each cell adds to its window's value, for every pooled value: 2 / real cells, [1, values of the pooled extent]. */
export function cellWeights({ height, width, channels }: Extent): tf.Tensor2D {
  const pooled = pooledExtent({ height, width, channels })
  const cells = (side: number, index: number) => Math.min(SIDE, side - SIDE * index)
  const weights = Array.from({ length: pooled.height * pooled.width * channels }, (_, index) => {
    const cell = Math.floor(index / channels)
    return FACTOR / (cells(height, Math.floor(cell / pooled.width)) * cells(width, cell % pooled.width))
  })
  return tf.tensor2d(weights, [1, weights.length])
}

/**
 * Gives every cell its part of what arrives at its window, the transpose of {@link pool}:
 * [rows, values of the pooled extent] -> [rows, values of `extent`].
 *
 * @param weights {@link cellWeights}, if they are needed
 */
export function spread(signal: tf.Tensor2D, extent: Extent, weights: () => tf.Tensor2D): tf.Tensor2D {
  if (tf.getBackend() === 'wasm') return spreadOnWasm(signal, extent)
  const { height, width, channels } = extent
  const pooled = tf.mul<tf.Tensor2D>(signal, weights())
  const rows = pooled.shape[0]
  const pooledHeight = Math.ceil(height / SIDE)
  const lines = tf.reshape<tf.Rank.R2>(pooled, [rows * pooledHeight, pooled.shape[1] / pooledHeight])
  const wide = repeatTwice(lines, channels, width * channels)
  const images = tf.reshape<tf.Rank.R2>(wide, [rows, pooledHeight * width * channels])
  return repeatTwice(images, width * channels, height * width * channels)
}

/** Writes every run of `length` values of a row twice, and keeps the first `kept` values of the row. */
function repeatTwice(x: tf.Tensor2D, length: number, kept: number): tf.Tensor2D {
  const runs = tf.reshape<tf.Rank.R2>(x, [x.size / length, length])
  const twice = tf.reshape<tf.Rank.R2>(tf.concat([runs, runs], 1), [x.shape[0], 2 * x.shape[1]])
  return kept === twice.shape[1] ? twice : tf.slice(twice, [0, 0], [-1, kept])
}

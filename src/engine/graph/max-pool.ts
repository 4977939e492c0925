import * as tf from '@tensorflow/tfjs-core'
import { addAll } from '../models/tape.ts'
import type { MaxPoolNode } from './description.ts'
import {
  cellOfWindows,
  channelsLast,
  cropImages,
  eachCell,
  fromChannelsLast,
  padImages,
  placeInWindows,
} from './windows.ts'

/** Below every activation, so that padding never wins. */
const LOWEST = -3.4e38

/** The largest cell of every window. */
export function maxPool(node: MaxPoolNode, x: tf.Tensor): tf.Tensor {
  const largest = cells(node, x).reduce((winner, cell) => tf.maximum(winner, cell))
  return fromChannelsLast(tf.clone(largest), node.channels)
}

/** Which cell of a window wins, the first of equal ones, as a mask for every cell: [cells, N, windows down, windows across, channels]. */
export function winners(node: MaxPoolNode, x: tf.Tensor, pooled: tf.Tensor): tf.Tensor5D {
  const largest = channelsLast(pooled, node.channels)
  let open: tf.Tensor4D = tf.onesLike(largest)
  const masks = cells(node, x).map((cell) => {
    const mask = tf.mul<tf.Tensor4D>(tf.cast(tf.equal(cell, largest), 'float32'), open)
    open = tf.sub<tf.Tensor4D>(open, mask)
    return mask
  })
  return tf.stack(masks) as tf.Tensor5D
}

/** Gives every winner what arrives at its window. */
export function maxPoolBack(
  node: MaxPoolNode,
  signal: tf.Tensor,
  masks: tf.Tensor5D,
  shape: readonly number[],
): tf.Tensor {
  const own = channelsLast(signal, node.channels)
  const [rows, columns] = node.channels === 'first' ? shape.slice(2) : shape.slice(1)
  const [top, left, bottom, right] = node.padding
  const padded = [(rows ?? 0) + top + bottom, (columns ?? 0) + left + right] as const
  const each = tf.unstack(masks) as tf.Tensor4D[]
  const parts = eachCell(node.window, (row, column) => {
    const mask = each[row * node.window[1] + column]
    if (mask === undefined) throw new RangeError('a window without that cell')
    return placeInWindows(tf.mul<tf.Tensor4D>(own, mask), node, [row, column], padded)
  })
  return fromChannelsLast(cropImages(addAll(parts), node.padding), node.channels)
}

function cells(node: MaxPoolNode, x: tf.Tensor): tf.Tensor4D[] {
  const padded = padImages(channelsLast(x, node.channels), node.padding, LOWEST)
  return eachCell(node.window, (row, column) => cellOfWindows(padded, node, row, column))
}

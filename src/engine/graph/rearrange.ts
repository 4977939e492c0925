import * as tf from '@tensorflow/tfjs-core'
import type { Rearrangement } from './description.ts'

/** What a node that only moves values about makes of them; values are [N, ...shape]. */
export function rearrange(node: Rearrangement, valueOf: (name: string) => tf.Tensor): tf.Tensor {
  if (node.operation === 'concat') return tf.concat(node.inputs.map(valueOf), node.axis + 1)
  const value = valueOf(node.input)
  switch (node.operation) {
    case 'reshape':
      return tf.reshape(tf.clone(value), [value.shape[0], ...node.shape])
    case 'transpose':
      return tf.transpose(value, [0, ...node.permutation.map((axis) => axis + 1)])
    case 'reverse':
      return tf.reverse(value, node.axis + 1)
    case 'slice': {
      const { start, count, stride } = node
      const { before, size, after } = around(value.shape, node.axis + 1)
      const lines = tf.reshape<tf.Rank.R3>(value, [before, size, after])
      const taken = tf.stridedSlice(
        lines,
        [0, start, 0],
        [before, start + (count - 1) * stride + 1, after],
        [1, stride, 1],
      )
      return tf.reshape(taken, value.shape.with(node.axis + 1, count))
    }
  }
}

/**
 * The transpose of {@link rearrange}: what belongs to each input of what belongs to the output.
 *
 * @param shapes [N, ...shape] of each input
 */
export function rearrangeBack(
  node: Rearrangement,
  signal: tf.Tensor,
  shapes: readonly (readonly number[])[],
): tf.Tensor[] {
  const [shape = []] = shapes
  switch (node.operation) {
    case 'concat':
      return tf.split(
        signal,
        shapes.map((own) => own[node.axis + 1] ?? 0),
        node.axis + 1,
      )
    case 'reshape':
      return [tf.reshape(signal, [...shape])]
    case 'transpose': {
      const back = node.permutation.map((_, axis) => node.permutation.indexOf(axis) + 1)
      return [tf.transpose(signal, [0, ...back])]
    }
    case 'reverse':
      return [tf.reverse(signal, node.axis + 1)]
    case 'slice':
      return [unsliced(node, signal, shape)]
  }
}

function unsliced(
  { axis, start, count, stride }: Extract<Rearrangement, { operation: 'slice' }>,
  signal: tf.Tensor,
  shape: readonly number[],
): tf.Tensor {
  const { before, size, after } = around(shape, axis + 1)
  const runs = tf.reshape<tf.Rank.R3>(signal, [before * count, 1, after])
  const spread =
    stride === 1
      ? runs
      : tf.pad(runs, [
          [0, 0],
          [0, stride - 1],
          [0, 0],
        ])
  const used = (count - 1) * stride + 1
  const lines = tf.reshape<tf.Rank.R3>(spread, [before, count * stride, after])
  const cut = tf.slice(lines, [0, 0, 0], [before, used, after])
  const whole = tf.pad(cut, [
    [0, 0],
    [start, size - start - used],
    [0, 0],
  ])
  return tf.reshape(whole, [...shape])
}

/** The number of values before an axis, along it, and after it. */
function around(shape: readonly number[], axis: number): { before: number; size: number; after: number } {
  const count = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1)
  return { before: count(shape.slice(0, axis)), size: shape[axis] ?? 0, after: count(shape.slice(axis + 1)) }
}

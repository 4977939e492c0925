import * as tf from '@tensorflow/tfjs-core'
import { addAll } from '../models/tape.ts'
import { WHOLE, type WeightPart } from '../models/weight-parts.ts'
import type { Term } from './description.ts'
import { product } from './shapes.ts'
import {
  cellOfWindows,
  channelsLast,
  cropImages,
  eachCell,
  fromChannelsLast,
  padImages,
  placeInWindows,
  windowCounts,
  type Windows,
} from './windows.ts'

/** Gives a tensor of the model, computed once by its key. */
export type Derive = (key: string, compute: () => tf.Tensor) => tf.Tensor
/** Gives a weight of the model by its name. */
export type WeightOf = (name: string) => tf.Tensor

/** A term of a sum: a value times weights, forwards and backwards, for any part of the weights. */
export interface LinearTerm {
  readonly input: string
  /** Whether its weights were learned; else they are the factors of an average, or 1. */
  readonly isLearned: boolean
  /** Of values [N, ...shape of the input]: [N, ...shape of the term]. */
  readonly times: (x: tf.Tensor, part?: WeightPart) => tf.Tensor
  /** Of values [N, ...shape of the term]: [N, ...shape of the input]. */
  readonly timesTransposed: (y: tf.Tensor, part?: WeightPart) => tf.Tensor
}

/** @param shape of the term's input, without the batch's axis */
export function linearTerm(
  term: Term,
  shape: readonly number[],
  weightOf: WeightOf,
  derive: Derive,
): LinearTerm {
  switch (term.kind) {
    case 'same':
      return fixedTerm(
        term.input,
        (x) => x,
        (y) => y,
      )
    case 'scale': {
      const weight = (part: WeightPart = WHOLE) =>
        derive(`${term.weight} ${part.name}`, () => part.of(weightOf(term.weight)))
      const times = (x: tf.Tensor, part?: WeightPart) => tf.mul(x, weight(part))
      return { input: term.input, isLearned: true, times, timesTransposed: times }
    }
    case 'dense':
      return denseTerm(term, weightOf, derive)
    case 'convolution':
      return convolutionTerm(term, shape, weightOf, derive)
    case 'average':
      return averageTerm(term, shape, derive)
  }
}

/** The weights of a fixed term are positive: a part of them is all of them times a number. */
function fixedTerm(
  input: string,
  forwards: (x: tf.Tensor) => tf.Tensor,
  backwards: (y: tf.Tensor) => tf.Tensor,
): LinearTerm {
  const scaled = (value: tf.Tensor, part: WeightPart = WHOLE) =>
    part === WHOLE ? value : tf.mul(value, part.of(tf.scalar(1)))
  return {
    input,
    isLearned: false,
    times: (x, part) => scaled(forwards(x), part),
    timesTransposed: (y, part) => scaled(backwards(y), part),
  }
}

function denseTerm(
  { input, weight }: Extract<Term, { kind: 'dense' }>,
  weightOf: WeightOf,
  derive: Derive,
): LinearTerm {
  const block = (part: WeightPart) =>
    derive(`${weight} ${part.name}`, () => part.of(weightOf(weight))) as tf.Tensor2D
  const transposed = (part: WeightPart) =>
    derive(`${weight} ${part.name} transposed`, () => tf.transpose(block(part))) as tf.Tensor2D
  const multiply = (x: tf.Tensor, matrix: tf.Tensor2D) => {
    const rows = tf.reshape<tf.Rank.R2>(x, [-1, matrix.shape[0]])
    return tf.reshape(tf.matMul(rows, matrix), [...x.shape.slice(0, -1), matrix.shape[1]])
  }
  return {
    input,
    isLearned: true,
    times: (x, part = WHOLE) => multiply(x, block(part)),
    timesTransposed: (y, part = WHOLE) => multiply(y, transposed(part)),
  }
}

function convolutionTerm(
  { input, weight, strides, dilations, padding, channels }: Extract<Term, { kind: 'convolution' }>,
  shape: readonly number[],
  weightOf: WeightOf,
  derive: Derive,
): LinearTerm {
  const kernel = (part: WeightPart) =>
    derive(`${weight} ${part.name} dilated ${dilations.join()}`, () =>
      dilated(part.of(weightOf(weight)) as tf.Tensor4D, dilations),
    ) as tf.Tensor4D
  const paddedShape = (count: number): [number, number, number, number] => {
    const [top, left, bottom, right] = padding
    const [depth = 0, rows = 0, columns = 0] = channels === 'first' ? shape : [shape[2], shape[0], shape[1]]
    return [count, rows + top + bottom, columns + left + right, depth]
  }
  return {
    input,
    isLearned: true,
    times: (x, part = WHOLE) => {
      const images = padImages(channelsLast(x, channels), padding)
      return fromChannelsLast(tf.conv2d(images, kernel(part), [...strides], 'valid'), channels)
    },
    timesTransposed: (y, part = WHOLE) => {
      const images = channelsLast(y, channels)
      const padded = tf.conv2dTranspose(
        images,
        kernel(part),
        paddedShape(images.shape[0]),
        [...strides],
        'valid',
      )
      return fromChannelsLast(cropImages(padded, padding), channels)
    },
  }
}

/** A kernel with the zeros of its dilation in between. */
function dilated(kernel: tf.Tensor4D, dilations: readonly [number, number]): tf.Tensor4D {
  const [down, right] = dilations
  if (down === 1 && right === 1) return tf.clone(kernel)
  const [rows, columns, inputs, units] = kernel.shape
  const image = tf.reshape<tf.Rank.R4>(kernel, [1, rows, columns, inputs * units])
  const [height, width] = [(rows - 1) * down + 1, (columns - 1) * right + 1]
  const windows: Windows = { window: [1, 1], strides: dilations, padding: [0, 0, 0, 0] }
  return tf.reshape<tf.Rank.R4>(placeInWindows(image, windows, [0, 0], [height, width]), [
    height,
    width,
    inputs,
    units,
  ])
}

function averageTerm(
  term: Extract<Term, { kind: 'average' }>,
  shape: readonly number[],
  derive: Derive,
): LinearTerm {
  const { window, padding, channels } = term
  const cells = product(window)
  const sums = (x: tf.Tensor4D) => {
    const padded = padImages(x, padding)
    const [, rows, columns] = padded.shape
    if (rows === window[0] && columns === window[1]) return tf.sum<tf.Tensor4D>(padded, [1, 2], true)
    return addAll(eachCell(window, (row, column) => cellOfWindows(padded, term, row, column)))
  }
  /** 1 / cells that count, for every window: [1, windows down, windows across, 1]. */
  const parts = () =>
    derive(`parts of ${JSON.stringify([term, shape])}`, () => {
      const [rows = 0, columns = 0] = channels === 'first' ? shape.slice(1) : shape
      const counted = sums(tf.ones([1, rows, columns, 1]))
      return term.countsPadding ? tf.fill(counted.shape, 1 / cells) : tf.div(1, tf.maximum(counted, 1))
    })
  return fixedTerm(
    term.input,
    (x) => fromChannelsLast(tf.mul(sums(channelsLast(x, channels)), parts()), channels),
    (y) => {
      const shares = tf.mul<tf.Tensor4D>(channelsLast(y, channels), parts())
      const [count, , , depth] = shares.shape
      const [rows, columns] = channels === 'first' ? shape.slice(1) : shape
      const [top, left, bottom, right] = padding
      const padded = [(rows ?? 0) + top + bottom, (columns ?? 0) + left + right] as const
      const [down, across] = windowCounts([count, ...padded, depth], term)
      const spread =
        down === 1 && across === 1 && padded[0] === window[0] && padded[1] === window[1]
          ? tf.tile(shares, [1, window[0], window[1], 1])
          : addAll(eachCell(window, (row, column) => placeInWindows(shares, term, [row, column], padded)))
      return fromChannelsLast(cropImages(spread, padding), channels)
    },
  )
}

import * as tf from '@tensorflow/tfjs-core'

/*
 * Windows that slide over images [N, rows, columns, channels] whose padding was added before. Every backend has the
 * operations used here; none of them has all strides, paddings and gradients of its own.
 */

export interface Windows {
  readonly window: readonly [number, number]
  readonly strides: readonly [number, number]
  /** Top, left, bottom, right. */
  readonly padding: readonly [number, number, number, number]
}

export function padImages(
  x: tf.Tensor4D,
  [top, left, bottom, right]: Windows['padding'],
  value = 0,
): tf.Tensor4D {
  if (top + left + bottom + right === 0) return x
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  )
}

/** The inverse of {@link padImages}: what lies on the padding is dropped. */
export function cropImages(padded: tf.Tensor4D, [top, left, bottom, right]: Windows['padding']): tf.Tensor4D {
  if (top + left + bottom + right === 0) return padded
  const [count, rows, columns, channels] = padded.shape
  return tf.slice(padded, [0, top, left, 0], [count, rows - top - bottom, columns - left - right, channels])
}

/** How many windows there are, down and across, on a padded image. */
export function windowCounts(
  [, rows, columns]: readonly number[],
  { window, strides }: Windows,
): [number, number] {
  return [
    Math.floor(((rows ?? 0) - window[0]) / strides[0]) + 1,
    Math.floor(((columns ?? 0) - window[1]) / strides[1]) + 1,
  ]
}

/** The cell (row, column) of every window: [N, windows down, windows across, channels]. */
export function cellOfWindows(
  padded: tf.Tensor4D,
  windows: Windows,
  row: number,
  column: number,
): tf.Tensor4D {
  const [count, , , channels] = padded.shape
  const [down, across] = windowCounts(padded.shape, windows)
  const [stepDown, stepAcross] = windows.strides
  return tf.stridedSlice(
    padded,
    [0, row, column, 0],
    [count, row + (down - 1) * stepDown + 1, column + (across - 1) * stepAcross + 1, channels],
    [1, stepDown, stepAcross, 1],
  ) as tf.Tensor4D
}

/** The transpose of {@link cellOfWindows}: puts what belongs to a window on its cell (row, column), 0 elsewhere. */
export function placeInWindows(
  values: tf.Tensor4D,
  { strides }: Windows,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): tf.Tensor4D {
  const [count, down, across, channels] = values.shape
  const [stepDown, stepAcross] = strides
  const wide = spreadRuns(values, count * down * across, channels, stepAcross)
  const tall = spreadRuns(wide, count * down, across * stepAcross * channels, stepDown)
  const [height, width] = [
    Math.min(down * stepDown, rows - row),
    Math.min(across * stepAcross, columns - column),
  ]
  const spread = tf.reshape<tf.Rank.R4>(tall, [count, down * stepDown, across * stepAcross, channels])
  return padImages(tf.slice(spread, [0, 0, 0, 0], [count, height, width, channels]), [
    row,
    column,
    rows - row - height,
    columns - column - width,
  ])
}

/** Writes zeros after each of `runs` runs of values, so that every run is `factor` times as long. */
function spreadRuns(values: tf.Tensor, runs: number, length: number, factor: number): tf.Tensor {
  if (factor === 1) return values
  return tf.pad(tf.reshape<tf.Rank.R3>(values, [runs, 1, length]), [
    [0, 0],
    [0, factor - 1],
    [0, 0],
  ])
}

/** Calls `of` for every cell of a window, row by row. */
export function eachCell<Result>(
  [height, width]: readonly [number, number],
  of: (row: number, column: number) => Result,
): Result[] {
  return Array.from({ length: height * width }, (_, cell) => of(Math.floor(cell / width), cell % width))
}

/** [N, channels, rows, columns] or [N, rows, columns, channels] as the latter. */
export function channelsLast(x: tf.Tensor, order: 'first' | 'last'): tf.Tensor4D {
  return order === 'last' ? (x as tf.Tensor4D) : tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1])
}

/** The inverse of {@link channelsLast}. */
export function fromChannelsLast(x: tf.Tensor4D, order: 'first' | 'last'): tf.Tensor4D {
  return order === 'last' ? x : tf.transpose(x, [0, 3, 1, 2])
}

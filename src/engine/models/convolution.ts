import * as tf from '@tensorflow/tfjs-core'

/** The shape of one image of activations; a row of a value holds it row by row, its channels innermost. */
export interface Extent {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** A 'same' convolution with stride 1: its output has the height and width of its input. */
export interface Convolution {
  readonly input: Extent
  /** Channels of the output. */
  readonly units: number
  /** Rows and columns of the kernel. */
  readonly kernel: readonly [number, number]
}

/*
 * Kernels come as [kernel rows, kernel columns, input channels, units] and are made ready once for each direction.
 * A narrow image with few channels keeps the vector units idle, so its columns are folded into its channels: the image
 * has one column then, and the kernel is banded. The values are the same, in the same order. On wasm it is the channels
 * that come out that fill the vector units. Native TensorFlow has kernels of its own for such images, and is two to four
 * times faster with the image as it is.
 */

/** Images up to this many kernels wide are worth folding. */
const FOLDED_KERNELS = 8
/** From this many channels on a convolution fills the vector units by itself. */
const ENOUGH_CHANNELS = 8

/** The kernel that {@link convolve} multiplies by. */
export function forwardKernel(kernel: tf.Tensor4D, convolution: Convolution): tf.Tensor4D {
  return readyKernel(kernel, convolution, convolution.units)
}

/** The kernel that {@link convolveBack} multiplies by: turned by half a turn, inputs and outputs exchanged. */
export function backwardKernel(kernel: tf.Tensor4D, convolution: Convolution): tf.Tensor4D {
  const ready = readyKernel(kernel, convolution, convolution.input.channels)
  return tf.transpose(tf.reverse(ready, [0, 1]), [0, 1, 3, 2])
}

function readyKernel(kernel: tf.Tensor4D, convolution: Convolution, outputs: number): tf.Tensor4D {
  return isFolded(convolution, outputs) ? foldKernel(kernel, convolution) : tf.clone(kernel)
}

/**
 * @param x [rows, input values]
 * @param kernel as {@link forwardKernel} made it
 * @returns [rows, output values]
 */
export function convolve(x: tf.Tensor2D, kernel: tf.Tensor4D, convolution: Convolution): tf.Tensor2D {
  const { input, units } = convolution
  const output = { ...input, channels: units }
  return convolveImages(x, kernel, {
    from: input,
    to: output,
    pad: padding(convolution),
    folded: isFolded(convolution, units),
  })
}

/**
 * The transpose of {@link convolve}: what reaches the inputs of what the outputs hold.
 *
 * @param signal [rows, output values]
 * @param kernel as {@link backwardKernel} made it
 * @returns [rows, input values]
 */
export function convolveBack(
  signal: tf.Tensor2D,
  kernel: tf.Tensor4D,
  convolution: Convolution,
): tf.Tensor2D {
  const { input, units } = convolution
  const [top, left, bottom, right] = padding(convolution)
  const output = { ...input, channels: units }
  const pad = [bottom, right, top, left] as const
  const folded = isFolded(convolution, input.channels)
  return convolveImages(signal, kernel, { from: output, to: input, pad, folded })
}

/**
 * The gradient of the kernel by its use on `rows` images. Where the backend has no fast operation for it, it is itself a
 * convolution, of the inputs by the gradients, with the rows as channels.
 *
 * @param x [rows, input values]
 * @param gradient [rows, output values]
 * @returns [kernel rows, kernel columns, input channels, units]
 */
export function kernelGradient(x: tf.Tensor2D, gradient: tf.Tensor2D, convolution: Convolution): tf.Tensor4D {
  const { input, units } = convolution
  const { height, width, channels } = input
  const rows = x.shape[0]
  const [top, left, bottom, right] = padding(convolution)
  const pad: Paddings = [[0, 0], [top, bottom], [left, right], [0, 0]] // prettier-ignore
  if (tf.getBackend() === 'wasm') {
    return tf.engine().runKernel<tf.Tensor4D>(
      tf.Conv2DBackpropFilter,
      {
        x: tf.reshape(x, [rows, height, width, channels]),
        dy: tf.reshape(gradient, [rows, height, width, units]),
      },
      { filterShape: [...convolution.kernel, channels, units], strides: 1, pad, dataFormat: 'NHWC' },
    )
  }
  const images = tf.transpose(tf.reshape<tf.Rank.R4>(x, [rows, height, width, channels]), [3, 1, 2, 0])
  const filter = tf.transpose(tf.reshape<tf.Rank.R3>(gradient, [rows, height * width, units]), [1, 0, 2])
  const sums = tf.conv2d<tf.Tensor4D>(
    images,
    tf.reshape<tf.Rank.R4>(filter, [height, width, rows, units]),
    1,
    pad,
  )
  return tf.transpose(sums, [1, 2, 0, 3])
}

type Paddings = [[number, number], [number, number], [number, number], [number, number]]
type Padding = readonly [top: number, left: number, bottom: number, right: number]

function padding({ kernel: [rows, columns] }: Convolution): Padding {
  const [top, left] = [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)]
  return [top, left, rows - 1 - top, columns - 1 - left]
}

/** @param outputs channels of what comes out of this direction */
function isFolded({ input, kernel: [, columns] }: Convolution, outputs: number): boolean {
  const backend = tf.getBackend()
  if (backend === 'tensorflow') return false
  const channels = backend === 'wasm' ? outputs : input.channels
  return channels < ENOUGH_CHANNELS && input.width <= FOLDED_KERNELS * columns
}

interface Images {
  readonly from: Extent
  readonly to: Extent
  readonly pad: Padding
  readonly folded: boolean
}

function convolveImages(x: tf.Tensor2D, kernel: tf.Tensor4D, { from, to, pad, folded }: Images): tf.Tensor2D {
  const rows = x.shape[0]
  const [top, left, bottom, right] = pad
  const images = folded
    ? tf.reshape<tf.Rank.R4>(x, [rows, from.height, 1, from.width * from.channels])
    : tf.reshape<tf.Rank.R4>(x, [rows, from.height, from.width, from.channels])
  const output = tf.conv2d<tf.Tensor4D>(images, kernel, 1, [
    [0, 0],
    [top, bottom],
    folded ? [0, 0] : [left, right],
    [0, 0],
  ])
  return tf.reshape(output, [rows, to.height * to.width * to.channels])
}

/** [rows, columns, input channels, units] -> [rows, 1, width * input channels, width * units]: padding columns are left out. */
function foldKernel(kernel: tf.Tensor4D, convolution: Convolution): tf.Tensor4D {
  const {
    input,
    units,
    kernel: [rows, columns],
  } = convolution
  const { width, channels } = input
  const [, left] = padding(convolution)
  const bands = Array.from({ length: width }, (_, column) => {
    const first = column - left
    const [start, end] = [Math.max(first, 0), Math.min(first + columns, width)]
    const seen = tf.slice(kernel, [0, start - first, 0, 0], [rows, end - start, channels, units])
    return tf.pad(seen, [
      [0, 0],
      [start, width - end],
      [0, 0],
      [0, 0],
    ])
  })
  return tf.reshape(tf.concat(bands, 3), [rows, 1, width * channels, width * units])
}

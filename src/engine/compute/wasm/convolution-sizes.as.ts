// AssemblyScript, for convolution.as.ts and kernel-gradient.as.ts: the sizes of both, and where an output cell reads.
//
// Images are [count, height, width, channels] of float32, kernels [kernel rows, kernel columns, channels, units]; the stride is 1. What an output cell
// reads of an image is one run of neighbouring values in each line that the kernel covers. Lines of zeros are put above and below an image; columns beyond
// its sides are left out of the runs, so that nothing is multiplied by them. The cells of one column have runs of one length: they are a product's rows.

import { BLOCK_ROWS, FLOAT, PANEL_COLUMNS, PANEL_STRIDE } from './panel.as'

const BLOCK_BYTES: usize = <usize>BLOCK_ROWS * PANEL_STRIDE
/** Lines of output whose images are worked on together: they stay in the processor's cache. */
const LINES_TOGETHER: i32 = 256

export let height: i32
export let width: i32
export let channels: i32
export let kernelRows: i32
export let kernelColumns: i32
export let units: i32
export let top: i32
export let left: i32
export let outHeight: i32
export let outWidth: i32

export let imagesTogether: i32
export let lineBytes: usize
export let outLineBytes: usize
/** Values that an output cell reads, those beyond the border included. */
export let inner: i32

/** Scratch space: the sums of a block, the address of the first line that every line of output reads, panels, images with their lines of zeros. */
export let block: usize
export let lines: usize
export let panels: usize
export let padded: usize

/** Sets the sizes for the calls that follow; `top` lines of zeros are above an image, and `left` columns beyond its left side. */
export function setShape(
  imageHeight: i32,
  imageWidth: i32,
  imageChannels: i32,
  rows: i32,
  columns: i32,
  outChannels: i32,
  linesAbove: i32,
  columnsBefore: i32,
  heightOfOutput: i32,
  widthOfOutput: i32,
): void {
  height = imageHeight
  width = imageWidth
  channels = imageChannels
  kernelRows = rows
  kernelColumns = columns
  units = outChannels
  top = linesAbove
  left = columnsBefore
  outHeight = heightOfOutput
  outWidth = widthOfOutput
  imagesTogether = max(1, LINES_TOGETHER / outHeight)
  lineBytes = <usize>(width * channels) * FLOAT
  outLineBytes = <usize>(outWidth * units) * FLOAT
  inner = kernelRows * kernelColumns * channels
}

/** Bytes of scratch space that {@link convolve} and {@link kernelGradient} may overwrite. */
export function scratchBytes(): usize {
  layOut(0)
  const slack = BLOCK_BYTES
  return padded + <usize>imagesTogether * paddedBytes() + slack
}

export function layOut(scratch: usize): void {
  block = scratch
  lines = block + BLOCK_BYTES
  panels = lines + <usize>(imagesTogether * outHeight + BLOCK_ROWS) * sizeof<u32>()
  padded = panels + <usize>max(inner * panelsOf(), imagesTogether * outHeight) * PANEL_STRIDE
}

export function panelsOf(): i32 {
  return (units + PANEL_COLUMNS - 1) / PANEL_COLUMNS
}

/** An image with its lines of zeros. */
function paddedBytes(): usize {
  return <usize>(outHeight + kernelRows - 1) * lineBytes
}

/** Copies images to between their lines of zeros, and lists where each line of output begins to read. */
export function pad(images: usize, count: i32): void {
  const imageBytes = <usize>height * lineBytes
  const before = <usize>top * lineBytes
  const after = paddedBytes() - before - imageBytes
  let address = lines
  let target = padded
  for (let image = 0; image < count; image += 1) {
    for (let line = 0; line < outHeight; line += 1) {
      store<u32>(address, <u32>(target + <usize>line * lineBytes))
      address += sizeof<u32>()
    }
    memory.fill(target, 0, before)
    memory.copy(target + before, images, imageBytes)
    memory.fill(target + before + imageBytes, 0, after)
    images += imageBytes
    target += paddedBytes()
  }
  for (let line = 0; line < BLOCK_ROWS; line += 1)
    store<u32>(address + <usize>line * sizeof<u32>(), <u32>padded)
}

/** The first column of the image that an output column reads. */
export function firstOf(column: i32): i32 {
  return max(column - left, 0)
}

/** How many columns of the image it reads. */
export function readBy(column: i32): i32 {
  return max(min(column - left + kernelColumns, width) - firstOf(column), 0)
}

/** Which row of a kernel belongs to the first value that an output column reads in a line. */
export function kernelRowOf(column: i32, line: i32): i32 {
  return (line * kernelColumns + firstOf(column) - (column - left)) * channels
}

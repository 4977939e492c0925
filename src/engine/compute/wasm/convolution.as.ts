// AssemblyScript, part of kernels.as.ts.

import {
  height,
  channels,
  kernelRows,
  kernelColumns,
  units,
  outHeight,
  outWidth,
  imagesTogether,
  lineBytes,
  outLineBytes,
  inner,
  block,
  lines,
  panels,
  layOut,
  panelsOf,
  pad,
  firstOf,
  readBy,
  kernelRowOf,
} from './convolution-sizes.as'
import { BLOCK_ROWS, FLOAT, pack, PANEL_COLUMNS, PANEL_STRIDE, VECTOR } from './panel.as'

/** Rows of a kernel are summed together as long as they read no more values than this: long sums lose digits. */
const VALUES_TOGETHER: i32 = 32

/**
 * Writes the convolution of the images to `out`. Every output is summed in the same order, whatever is beside it.
 *
 * @param out [count, out height, out width, units]
 */
export function convolve(images: usize, kernel: usize, out: usize, count: i32, scratch: usize): void {
  layOut(scratch)
  for (let panel = 0; panel < panelsOf(); panel += 1) {
    const column = panel * PANEL_COLUMNS
    const source = kernel + <usize>column * FLOAT
    pack(source, <usize>units * FLOAT, inner, min(PANEL_COLUMNS, units - column), panelAt(panel, 0))
  }
  for (let image = 0; image < count; image += imagesTogether) {
    const together = min(imagesTogether, count - image)
    pad(images + <usize>(image * height) * lineBytes, together)
    convolveTogether(out + <usize>(image * outHeight) * outLineBytes, together * outHeight)
  }
}

/** The packed kernel from its row `row` on, of the eight units of a panel. */
function panelAt(panel: i32, row: i32): usize {
  return panels + <usize>(panel * inner + row) * PANEL_STRIDE
}

function convolveTogether(out: usize, count: i32): void {
  for (let column = 0; column < outWidth; column += 1) {
    const offset = <usize>(firstOf(column) * channels) * FLOAT
    const run = <usize>(readBy(column) * channels) * FLOAT
    const skipped = <usize>((kernelColumns - readBy(column)) * channels) * PANEL_STRIDE
    for (let panel = 0; panel < panelsOf(); panel += 1) {
      const packed = panelAt(panel, kernelRowOf(column, 0))
      const unit = panel * PANEL_COLUMNS
      const columns = min(PANEL_COLUMNS, units - unit)
      const target = out + <usize>(column * units + unit) * FLOAT
      for (let line = 0; line < count; line += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, count - line)
        const whole = rows === BLOCK_ROWS && columns === PANEL_COLUMNS
        const first = target + <usize>line * outLineBytes
        const from = lines + <usize>line * sizeof<u32>()
        convolveBlock(
          from,
          offset,
          run,
          packed,
          skipped,
          whole ? first : block,
          whole ? outLineBytes : PANEL_STRIDE,
        )
        if (!whole) copyBlock(first, rows, columns)
      }
    }
  }
}

/** Copies what is wanted of a block that did not fit into the result. */
function copyBlock(out: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 1) {
    memory.copy(out + <usize>row * outLineBytes, block + <usize>row * PANEL_STRIDE, <usize>columns * FLOAT)
  }
}

/** The sums of eight units in one cell of each of six lines. */
function convolveBlock(
  from: usize,
  offset: usize,
  run: usize,
  panel: usize,
  skipped: usize,
  out: usize,
  stride: usize,
): void {
  const line0 = <usize>load<u32>(from)
  const line1 = <usize>load<u32>(from, 4)
  const line2 = <usize>load<u32>(from, 8)
  const line3 = <usize>load<u32>(from, 12)
  const line4 = <usize>load<u32>(from, 16)
  const line5 = <usize>load<u32>(from, 20)
  const rowsTogether = max(1, VALUES_TOGETHER / max(1, <i32>(run / FLOAT)))
  for (let row = 0; row < kernelRows; row += rowsTogether) {
    let low0 = f32x4.splat(0)
    let low1 = f32x4.splat(0)
    let low2 = f32x4.splat(0)
    let low3 = f32x4.splat(0)
    let low4 = f32x4.splat(0)
    let low5 = f32x4.splat(0)
    let high0 = f32x4.splat(0)
    let high1 = f32x4.splat(0)
    let high2 = f32x4.splat(0)
    let high3 = f32x4.splat(0)
    let high4 = f32x4.splat(0)
    let high5 = f32x4.splat(0)
    const last = min(row + rowsTogether, kernelRows)
    for (let part = row; part < last; part += 1) {
      const end = offset + run
      for (let at = offset; at < end; at += FLOAT) {
        const low = v128.load(panel)
        const high = v128.load(panel, VECTOR)
        panel += PANEL_STRIDE
        let x = v128.load32_splat(line0 + at)
        low0 = f32x4.relaxed_madd(x, low, low0)
        high0 = f32x4.relaxed_madd(x, high, high0)
        x = v128.load32_splat(line1 + at)
        low1 = f32x4.relaxed_madd(x, low, low1)
        high1 = f32x4.relaxed_madd(x, high, high1)
        x = v128.load32_splat(line2 + at)
        low2 = f32x4.relaxed_madd(x, low, low2)
        high2 = f32x4.relaxed_madd(x, high, high2)
        x = v128.load32_splat(line3 + at)
        low3 = f32x4.relaxed_madd(x, low, low3)
        high3 = f32x4.relaxed_madd(x, high, high3)
        x = v128.load32_splat(line4 + at)
        low4 = f32x4.relaxed_madd(x, low, low4)
        high4 = f32x4.relaxed_madd(x, high, high4)
        x = v128.load32_splat(line5 + at)
        low5 = f32x4.relaxed_madd(x, low, low5)
        high5 = f32x4.relaxed_madd(x, high, high5)
      }
      offset += lineBytes
      panel += skipped
    }
    addSums(out, low0, high0, row)
    addSums(out + stride, low1, high1, row)
    addSums(out + 2 * stride, low2, high2, row)
    addSums(out + 3 * stride, low3, high3, row)
    addSums(out + 4 * stride, low4, high4, row)
    addSums(out + 5 * stride, low5, high5, row)
  }
}

/** Adds what some rows of the kernel gave to what those before gave. */
function addSums(out: usize, low: v128, high: v128, row: i32): void {
  if (row > 0) {
    low = f32x4.add(v128.load(out), low)
    high = f32x4.add(v128.load(out, VECTOR), high)
  }
  v128.store(out, low)
  v128.store(out, high, VECTOR)
}

// AssemblyScript, part of kernels.as.ts.

import {
  height,
  channels,
  kernelRows,
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
  pad,
  firstOf,
  readBy,
  kernelRowOf,
} from './convolution-sizes.as'
import { BLOCK_ROWS, FLOAT, pack, PANEL_COLUMNS, PANEL_STRIDE, VECTOR } from './panel.as'

/**
 * Writes the gradient of the kernel to `out`: for each of its weights the sum of what it multiplied times the gradient of where that went.
 *
 * @param gradients of the outputs, [count, out height, out width, units]
 * @param out [kernel rows, kernel columns, channels, units]
 */
export function kernelGradient(
  images: usize,
  gradients: usize,
  out: usize,
  count: i32,
  scratch: usize,
): void {
  layOut(scratch)
  memory.fill(out, 0, <usize>(inner * units) * FLOAT)
  for (let image = 0; image < count; image += imagesTogether) {
    const together = min(imagesTogether, count - image)
    pad(images + <usize>(image * height) * lineBytes, together)
    addTogether(gradients + <usize>(image * outHeight) * outLineBytes, out, together * outHeight)
  }
}

function addTogether(gradients: usize, out: usize, count: i32): void {
  for (let column = 0; column < outWidth; column += 1) {
    for (let unit = 0; unit < units; unit += PANEL_COLUMNS) {
      const columns = min(PANEL_COLUMNS, units - unit)
      pack(gradients + <usize>(column * units + unit) * FLOAT, outLineBytes, count, columns, panels)
      for (let row = 0; row < kernelRows; row += 1) {
        const offset = <usize>row * lineBytes + <usize>(firstOf(column) * channels) * FLOAT
        const target = out + <usize>(kernelRowOf(column, row) * units + unit) * FLOAT
        addRun(offset, readBy(column) * channels, target, columns, count)
      }
    }
  }
}

/** Six values of a run at a time; the sums of what a block reads beyond its end are left out. */
function addRun(offset: usize, run: i32, out: usize, columns: i32, count: i32): void {
  const stride = <usize>units * FLOAT
  for (let index = 0; index < run; index += BLOCK_ROWS) {
    gradientBlock(offset + <usize>index * FLOAT, count)
    const rows = min(BLOCK_ROWS, run - index)
    for (let row = 0; row < rows; row += 1) {
      addRow(out + <usize>(index + row) * stride, block + <usize>row * PANEL_STRIDE, columns)
    }
  }
}

function addRow(out: usize, sums: usize, columns: i32): void {
  if (columns === PANEL_COLUMNS) {
    v128.store(out, f32x4.add(v128.load(out), v128.load(sums)))
    v128.store(out, f32x4.add(v128.load(out, VECTOR), v128.load(sums, VECTOR)), VECTOR)
    return
  }
  for (let column = 0; column < columns; column += 1) {
    store<f32>(out, load<f32>(out) + load<f32>(sums))
    out += FLOAT
    sums += FLOAT
  }
}

/** The sums over lines of six neighbouring values by eight gradients. */
function gradientBlock(offset: usize, count: i32): void {
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
  let panel = panels
  const end = lines + <usize>count * sizeof<u32>()
  for (let line = lines; line < end; line += sizeof<u32>()) {
    const values = <usize>load<u32>(line) + offset
    const low = v128.load(panel)
    const high = v128.load(panel, VECTOR)
    panel += PANEL_STRIDE
    let x = v128.load32_splat(values)
    low0 = f32x4.relaxed_madd(x, low, low0)
    high0 = f32x4.relaxed_madd(x, high, high0)
    x = v128.load32_splat(values, 4)
    low1 = f32x4.relaxed_madd(x, low, low1)
    high1 = f32x4.relaxed_madd(x, high, high1)
    x = v128.load32_splat(values, 8)
    low2 = f32x4.relaxed_madd(x, low, low2)
    high2 = f32x4.relaxed_madd(x, high, high2)
    x = v128.load32_splat(values, 12)
    low3 = f32x4.relaxed_madd(x, low, low3)
    high3 = f32x4.relaxed_madd(x, high, high3)
    x = v128.load32_splat(values, 16)
    low4 = f32x4.relaxed_madd(x, low, low4)
    high4 = f32x4.relaxed_madd(x, high, high4)
    x = v128.load32_splat(values, 20)
    low5 = f32x4.relaxed_madd(x, low, low5)
    high5 = f32x4.relaxed_madd(x, high, high5)
  }
  storeRow(block, low0, high0)
  storeRow(block + PANEL_STRIDE, low1, high1)
  storeRow(block + 2 * PANEL_STRIDE, low2, high2)
  storeRow(block + 3 * PANEL_STRIDE, low3, high3)
  storeRow(block + 4 * PANEL_STRIDE, low4, high4)
  storeRow(block + 5 * PANEL_STRIDE, low5, high5)
}

/** Writes the eight sums of a row. */
function storeRow(out: usize, low: v128, high: v128): void {
  v128.store(out, low)
  v128.store(out, high, VECTOR)
}

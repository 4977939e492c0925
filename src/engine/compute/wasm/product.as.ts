// AssemblyScript, part of kernels.as.ts. Matrices are row by row.

import { BLOCK_ROWS, FLOAT, pack, PANEL_COLUMNS, PANEL_STRIDE, VECTOR } from './panel.as'

/**
 * Writes left * right to `out`. Every element is summed from the first product to the last, so that a row does not depend on the rows beside it.
 *
 * @param left [rows, inner]
 * @param right [inner, columns]
 * @param out [rows, columns]
 * @param scratch 8 * (inner + 6) floats that may be overwritten
 */
export function multiply(
  left: usize,
  right: usize,
  out: usize,
  rows: i32,
  inner: i32,
  columns: i32,
  scratch: usize,
): void {
  const panel = scratch + <usize>BLOCK_ROWS * PANEL_STRIDE
  const stride = <usize>columns * FLOAT
  for (let column = 0; column < columns; column += PANEL_COLUMNS) {
    const width = min(PANEL_COLUMNS, columns - column)
    const offset = <usize>column * FLOAT
    pack(right + offset, stride, inner, width, panel)
    if (width === PANEL_COLUMNS) {
      multiplyPanel(left, panel, out + offset, stride, rows, inner)
    } else {
      multiplyNarrowPanel(left, panel, out + offset, stride, rows, inner, width, scratch)
    }
  }
}

/** The last block begins early enough to be whole: rows that it shares with the one before are computed again, to the same values. */
function multiplyPanel(left: usize, panel: usize, out: usize, stride: usize, rows: i32, inner: i32): void {
  const leftStride = <usize>inner * FLOAT
  if (rows < BLOCK_ROWS) {
    for (let row = 0; row < rows; row += 1) {
      multiplyRow(left + <usize>row * leftStride, panel, out + <usize>row * stride, inner)
    }
    return
  }
  for (let row = 0; row < rows; row += BLOCK_ROWS) {
    const first = <usize>min(row, rows - BLOCK_ROWS)
    multiplyBlock(left + first * leftStride, leftStride, panel, out + first * stride, stride, inner)
  }
}

/** By way of the scratch space, since eight columns would not fit into the result. */
function multiplyNarrowPanel(
  left: usize,
  panel: usize,
  out: usize,
  stride: usize,
  rows: i32,
  inner: i32,
  width: i32,
  scratch: usize,
): void {
  const leftStride = <usize>inner * FLOAT
  for (let row = 0; row < rows; row += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - row)
    multiplyPanel(left + <usize>row * leftStride, panel, scratch, PANEL_STRIDE, count, inner)
    for (let index = 0; index < count; index += 1) {
      memory.copy(
        out + <usize>(row + index) * stride,
        scratch + <usize>index * PANEL_STRIDE,
        <usize>width * FLOAT,
      )
    }
  }
}

function multiplyRow(left: usize, panel: usize, out: usize, inner: i32): void {
  let low = f32x4.splat(0)
  let high = f32x4.splat(0)
  const end = left + <usize>inner * FLOAT
  for (; left < end; left += FLOAT) {
    const x = v128.load32_splat(left)
    low = f32x4.relaxed_madd(x, v128.load(panel), low)
    high = f32x4.relaxed_madd(x, v128.load(panel, VECTOR), high)
    panel += PANEL_STRIDE
  }
  v128.store(out, low)
  v128.store(out, high, VECTOR)
}

function multiplyBlock(
  left: usize,
  leftStride: usize,
  panel: usize,
  out: usize,
  stride: usize,
  inner: i32,
): void {
  const left1 = left + leftStride
  const left2 = left1 + leftStride
  const left3 = left2 + leftStride
  const left4 = left3 + leftStride
  const left5 = left4 + leftStride
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
  const end = <usize>inner * FLOAT
  for (let at: usize = 0; at < end; at += FLOAT) {
    const low = v128.load(panel)
    const high = v128.load(panel, VECTOR)
    panel += PANEL_STRIDE
    let x = v128.load32_splat(left + at)
    low0 = f32x4.relaxed_madd(x, low, low0)
    high0 = f32x4.relaxed_madd(x, high, high0)
    x = v128.load32_splat(left1 + at)
    low1 = f32x4.relaxed_madd(x, low, low1)
    high1 = f32x4.relaxed_madd(x, high, high1)
    x = v128.load32_splat(left2 + at)
    low2 = f32x4.relaxed_madd(x, low, low2)
    high2 = f32x4.relaxed_madd(x, high, high2)
    x = v128.load32_splat(left3 + at)
    low3 = f32x4.relaxed_madd(x, low, low3)
    high3 = f32x4.relaxed_madd(x, high, high3)
    x = v128.load32_splat(left4 + at)
    low4 = f32x4.relaxed_madd(x, low, low4)
    high4 = f32x4.relaxed_madd(x, high, high4)
    x = v128.load32_splat(left5 + at)
    low5 = f32x4.relaxed_madd(x, low, low5)
    high5 = f32x4.relaxed_madd(x, high, high5)
  }
  storeRow(out, low0, high0)
  storeRow(out + stride, low1, high1)
  storeRow(out + 2 * stride, low2, high2)
  storeRow(out + 3 * stride, low3, high3)
  storeRow(out + 4 * stride, low4, high4)
  storeRow(out + 5 * stride, low5, high5)
}

/** Writes the eight sums of a row. */
function storeRow(out: usize, low: v128, high: v128): void {
  v128.store(out, low)
  v128.store(out, high, VECTOR)
}

// AssemblyScript, what products, convolutions and the gradients of kernels share.

/** Columns that are computed together: two vectors of four. */
export const PANEL_COLUMNS: i32 = 8
/** Rows that are computed together: their sums fill the processor's vector registers. */
export const BLOCK_ROWS: i32 = 6
export const FLOAT: usize = 4
export const VECTOR: usize = 16
export const PANEL_STRIDE: usize = 32

/** Puts `width` columns of a matrix of `rows` rows side by side, with zeros up to the eighth. */
export function pack(source: usize, stride: usize, rows: i32, width: i32, panel: usize): void {
  for (let row = 0; row < rows; row += 1) {
    if (width === PANEL_COLUMNS) {
      v128.store(panel, v128.load(source))
      v128.store(panel, v128.load(source, VECTOR), VECTOR)
    } else {
      memory.fill(panel, 0, PANEL_STRIDE)
      memory.copy(panel, source, <usize>width * FLOAT)
    }
    source += stride
    panel += PANEL_STRIDE
  }
}

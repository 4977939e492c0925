// AssemblyScript, part of kernels.as.ts.

const FLOAT: usize = 4
const VECTOR: usize = 16
/** Rows that are summed by themselves first: they stay in the processor's cache, and long sums lose fewer digits. */
const ROWS_TOGETHER: i32 = 64

/** Writes the sums of the columns of a matrix, [rows, columns], to `out`. */
export function sumRows(matrix: usize, out: usize, rows: i32, columns: i32): void {
  const stride = <usize>columns * FLOAT
  memory.fill(out, 0, stride)
  for (let row = 0; row < rows; row += ROWS_TOGETHER) {
    const together = min(ROWS_TOGETHER, rows - row)
    let at: usize = 0
    for (; at + 2 * VECTOR <= stride; at += 2 * VECTOR) addEight(matrix + at, out + at, together, stride)
    for (; at < stride; at += FLOAT) addOne(matrix + at, out + at, together, stride)
    matrix += <usize>together * stride
  }
}

function addEight(column: usize, out: usize, rows: i32, stride: usize): void {
  let low = f32x4.splat(0)
  let high = f32x4.splat(0)
  for (let row = 0; row < rows; row += 1) {
    low = f32x4.add(low, v128.load(column))
    high = f32x4.add(high, v128.load(column, VECTOR))
    column += stride
  }
  v128.store(out, f32x4.add(v128.load(out), low))
  v128.store(out, f32x4.add(v128.load(out, VECTOR), high), VECTOR)
}

function addOne(column: usize, out: usize, rows: i32, stride: usize): void {
  let sum: f32 = 0
  for (let row = 0; row < rows; row += 1) {
    sum += load<f32>(column)
    column += stride
  }
  store<f32>(out, load<f32>(out) + sum)
}

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

/** Values that are summed by themselves first, for the same two reasons. */
const VALUES_TOGETHER: usize = 4096

/** Writes the sum of so many values to `out`. */
export function sumAll(values: usize, out: usize, count: i32): void {
  const end = values + <usize>count * FLOAT
  let sum: f32 = 0
  for (; values < end; values += VALUES_TOGETHER * FLOAT) {
    sum += sumOf(values, min(values + VALUES_TOGETHER * FLOAT, end))
  }
  store<f32>(out, sum)
}

function sumOf(values: usize, end: usize): f32 {
  let first = f32x4.splat(0)
  let second = f32x4.splat(0)
  let third = f32x4.splat(0)
  let fourth = f32x4.splat(0)
  for (; values + 4 * VECTOR <= end; values += 4 * VECTOR) {
    first = f32x4.add(first, v128.load(values))
    second = f32x4.add(second, v128.load(values, VECTOR))
    third = f32x4.add(third, v128.load(values, 2 * VECTOR))
    fourth = f32x4.add(fourth, v128.load(values, 3 * VECTOR))
  }
  const four = f32x4.add(f32x4.add(first, second), f32x4.add(third, fourth))
  let sum: f32 =
    f32x4.extract_lane(four, 0) +
    f32x4.extract_lane(four, 1) +
    (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3))
  for (; values < end; values += FLOAT) sum += load<f32>(values)
  return sum
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

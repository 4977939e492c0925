// AssemblyScript, part of kernels.as.ts. Windows are 2x2 cells, and those that the border cuts have fewer.

const FLOAT: usize = 4
const VECTOR: usize = 16

/**
 * Writes twice the average of every window. Of a window that is cut each cell is read twice or four times, which leaves its average.
 *
 * @param images [count, height, width, channels]
 * @param out [count, height / 2, width / 2, channels], both rounded up
 */
export function pool(images: usize, out: usize, count: i32, height: i32, width: i32, channels: i32): void {
  const cell = <usize>channels * FLOAT
  const line = <usize>width * cell
  for (let image = 0; image < count; image += 1) {
    for (let y = 0; y < height; y += 2) {
      const below = y + 1 < height ? line : 0
      for (let x = 0; x < width; x += 2) {
        const right = x + 1 < width ? cell : 0
        const first = images + <usize>y * line + <usize>x * cell
        poolWindow(first, first + right, first + below, first + below + right, out, cell)
        out += cell
      }
    }
    images += <usize>height * line
  }
}

function poolWindow(a: usize, b: usize, c: usize, d: usize, out: usize, bytes: usize): void {
  let at: usize = 0
  for (; at + VECTOR <= bytes; at += VECTOR) {
    const upper = f32x4.add(v128.load(a + at), v128.load(b + at))
    const lower = f32x4.add(v128.load(c + at), v128.load(d + at))
    v128.store(out + at, f32x4.mul(f32x4.add(upper, lower), f32x4.splat(0.5)))
  }
  for (; at < bytes; at += FLOAT) {
    const sum = load<f32>(a + at) + load<f32>(b + at) + (load<f32>(c + at) + load<f32>(d + at))
    store<f32>(out + at, <f32>0.5 * sum)
  }
}

/**
 * Gives every cell of an image its part of what arrives at its window: the transpose of {@link pool}.
 *
 * @param pooled [count, height / 2, width / 2, channels], both rounded up
 * @param out [count, height, width, channels]
 */
export function spread(pooled: usize, out: usize, count: i32, height: i32, width: i32, channels: i32): void {
  const cell = <usize>channels * FLOAT
  const line = <usize>width * cell
  for (let image = 0; image < count; image += 1) {
    for (let y = 0; y < height; y += 2) {
      const lines = min(2, height - y)
      for (let x = 0; x < width; x += 2) {
        const columns = min(2, width - x)
        const part = <f32>2 / <f32>(lines * columns)
        const target = out + <usize>x * cell
        scaleCell(pooled, part, target, cell)
        if (columns === 2) scaleCell(pooled, part, target + cell, cell)
        pooled += cell
      }
      if (lines === 2) memory.copy(out + line, out, line)
      out += <usize>lines * line
    }
  }
}

function scaleCell(source: usize, factor: f32, target: usize, bytes: usize): void {
  const factors = f32x4.splat(factor)
  let at: usize = 0
  for (; at + VECTOR <= bytes; at += VECTOR) {
    v128.store(target + at, f32x4.mul(factors, v128.load(source + at)))
  }
  for (; at < bytes; at += FLOAT) store<f32>(target + at, factor * load<f32>(source + at))
}

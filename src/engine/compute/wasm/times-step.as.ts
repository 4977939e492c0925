// AssemblyScript, part of kernels.as.ts.

const FLOAT: usize = 4
const VECTOR: usize = 16

/** Writes `factor * step(x)` to `out`: the factor where x > 0; elsewhere the factor times 0, so that what is not finite stays so. */
export function timesStep(factor: usize, x: usize, out: usize, count: i32): void {
  const end = out + <usize>count * FLOAT
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (; out + VECTOR <= end; out += VECTOR) {
    const step = v128.and(f32x4.gt(v128.load(x), zero), one)
    v128.store(out, f32x4.mul(v128.load(factor), step))
    factor += VECTOR
    x += VECTOR
  }
  for (; out < end; out += FLOAT) {
    store<f32>(out, load<f32>(factor) * <f32>(load<f32>(x) > 0 ? 1 : 0))
    factor += FLOAT
    x += FLOAT
  }
}

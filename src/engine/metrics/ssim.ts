import type { MapValues } from './ranks.ts'

/** Side of the window, and the standard deviation of its Gaussian weights, in pixels. */
export const SSIM_WINDOW = 11
const SIGMA = 1.5
/** Stabilising constants `C = (K L)^2` for values that range over L. */
const K1 = 0.01
const K2 = 0.03

/**
 * Structural similarity of two maps (Wang, Bovik, Sheikh and Simoncelli 2004, eq. 13 to 17): mean over all 11 x 11 windows that lie
 * inside the map, with Gaussian weights of sigma 1.5, K1 = .01, K2 = .03.
 *
 * Reduction: each map is divided by its largest absolute value, since methods differ in units; then L is 1 when neither has a
 * negative value, else 2.
 *
 * @returns in [-1, 1], 1 for maps in proportion; null (undefined) when either is 0 everywhere or smaller than the window
 */
export function ssim(a: MapValues, b: MapValues, columns: number): number | null {
  const rows = a.length / columns
  const left = scaled(a)
  const right = scaled(b)
  if (left === null || right === null || rows < SSIM_WINDOW || columns < SSIM_WINDOW) return null
  const range = left.some(isNegative) || right.some(isNegative) ? 2 : 1
  const c1 = (K1 * range) ** 2
  const c2 = (K2 * range) ** 2
  const blurredProduct = (x: Float64Array, y: Float64Array) =>
    blurred(
      x.map((value, pixel) => value * (y[pixel] ?? NaN)),
      columns,
    )
  const meanA = blurred(left, columns)
  const meanB = blurred(right, columns)
  const squareA = blurredProduct(left, left)
  const squareB = blurredProduct(right, right)
  const product = blurredProduct(left, right)
  let sum = 0
  for (const [window, muA] of meanA.entries()) {
    const muB = meanB[window] ?? NaN
    const varianceA = (squareA[window] ?? NaN) - muA ** 2
    const varianceB = (squareB[window] ?? NaN) - muB ** 2
    const covariance = (product[window] ?? NaN) - muA * muB
    const luminance = (2 * muA * muB + c1) / (muA ** 2 + muB ** 2 + c1)
    sum += (luminance * (2 * covariance + c2)) / (varianceA + varianceB + c2)
  }
  return sum / meanA.length
}

function scaled(map: MapValues): Float64Array | null {
  let largest = 0
  for (const value of map) largest = Math.max(largest, Math.abs(value))
  return largest === 0 ? null : Float64Array.from(map, (value) => value / largest)
}

function isNegative(value: number): boolean {
  return value < 0
}

/** Gaussian weights of one row of the window, which sum to 1. */
const WEIGHTS = gaussian()

function gaussian(): number[] {
  const weights = Array.from({ length: SSIM_WINDOW }, (_, index) =>
    Math.exp(-((index - (SSIM_WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Weighted mean of every window inside the image: first along rows, then along columns. */
function blurred(image: Float64Array, columns: number): Float64Array {
  const rows = image.length / columns
  const across = columns - SSIM_WINDOW + 1
  const down = rows - SSIM_WINDOW + 1
  const alongRows = Float64Array.from({ length: rows * across }, (_, at) => {
    const first = Math.floor(at / across) * columns + (at % across)
    return weightedSum(image, first, 1)
  })
  return Float64Array.from({ length: down * across }, (_, at) => weightedSum(alongRows, at, across))
}

function weightedSum(values: Float64Array, first: number, stride: number): number {
  let sum = 0
  for (let index = 0; index < SSIM_WINDOW; index += 1) {
    sum += (WEIGHTS[index] ?? 0) * (values[first + index * stride] ?? NaN)
  }
  return sum
}

import { HeatproofError } from '../../shared/errors.ts'
import { seededGenerator } from '../../shared/seeds.ts'
import { patchOf, patchSums, type PatchGrid } from './patches.ts'
import type { MapValues } from './ranks.ts'

/** What a flipped pixel becomes. */
const BLACK = -1

/** Logits of a batch of images, so that any backend can answer: [count, rows, columns, channels] to [count, classes]. */
export type LogitsOf = (images: Float32Array, count: number) => Promise<Float32Array>

/** Patches by their sums of signed relevance, largest first (`morf`) or smallest first (`lerf`); ties go by patch number. */
export function relevanceOrder(map: MapValues, grid: PatchGrid, first: 'morf' | 'lerf'): Uint32Array {
  const sums = patchSums(map, grid)
  const sign = first === 'morf' ? -1 : 1
  return patchNumbers(grid).sort((a, b) => sign * ((sums[a] ?? 0) - (sums[b] ?? 0)) || a - b)
}

/** Patches in an order that depends on the seed and the sample's index alone. */
export function randomOrder(grid: PatchGrid, seed: number, sampleIndex: number): Uint32Array {
  return seededGenerator(seed, 'pixel flipping', sampleIndex).shuffle(patchNumbers(grid))
}

function patchNumbers({ count }: PatchGrid): Uint32Array {
  return Uint32Array.from({ length: count }, (_, patch) => patch)
}

/**
 * The image with one more patch black in all channels each time: [flips, rows, columns, channels], the first with one patch, the
 * last with all `flips`.
 */
export function flippedImages(
  image: Float32Array,
  grid: PatchGrid,
  order: Uint32Array,
  flips: number,
): Float32Array {
  const turnOf = new Map([...order.subarray(0, flips)].map((patch, turn) => [patch, turn]))
  const images = new Float32Array(flips * image.length)
  const channels = image.length / (grid.rows * grid.columns)
  image.forEach((value, index) => {
    const turn = turnOf.get(patchOf(grid, Math.floor(index / channels))) ?? flips
    for (let k = 0; k < flips; k += 1) images[k * image.length + index] = k < turn ? value : BLACK
  })
  return images
}

/**
 * The explained logit while patches turn black: `f(x), f(x_1), …, f(x_L)` for each order.
 *
 * @param target the class explained, or `predicted`: that of the image's largest logit
 * @throws HeatproofError `bad_argument` when there are fewer patches than flips
 */
export async function flippingCurves(
  { image, target }: { image: Float32Array; target: number | 'predicted' },
  { grid, orders, flips }: { grid: PatchGrid; orders: readonly Uint32Array[]; flips: number },
  logitsOf: LogitsOf,
): Promise<number[][]> {
  requireFlips(flips, grid)
  const count = 1 + orders.length * flips
  const images = new Float32Array(count * image.length)
  images.set(image)
  orders.forEach((order, index) =>
    images.set(flippedImages(image, grid, order, flips), (1 + index * flips) * image.length),
  )
  const logits = await logitsOf(images, count)
  const classes = logits.length / count
  const explained = target === 'predicted' ? indexOfLargest(logits.subarray(0, classes)) : target
  const f = (row: number) => logits[row * classes + explained] ?? NaN
  return orders.map((_, index) => [
    f(0),
    ...Array.from({ length: flips }, (_, k) => f(1 + index * flips + k)),
  ])
}

/**
 * Area over the perturbation curve, `AOPC(L) = mean over k = 0 .. L of (f(x) - f(x_k))` with x_0 = x (Samek et al. 2017, eq. 12),
 * in units of the logit.
 */
export function aopc(curve: readonly number[]): number {
  const start = curve[0] ?? NaN
  return curve.reduce((sum, value) => sum + (start - value), 0) / curve.length
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? NaN) ? index : best), 0)
}

function requireFlips(flips: number, { count, side, rows, columns }: PatchGrid): void {
  if (Number.isInteger(flips) && flips >= 1 && flips <= count) return
  throw new HeatproofError('bad_argument', {
    found: `${flips} flips`,
    expected: `1 to ${count}, the patches of ${side} x ${side} pixels in an image of ${rows} x ${columns}`,
    advice: 'Flip fewer patches, or smaller ones.',
  })
}

import { seededGenerator } from '../../../src/shared/seeds.ts'

/*
 * Methods that look at changed images, as float64 loops over one pixel at a time, given the gradient or the logit of
 * the explained class for any image.
 */

type GradientOf = (image: readonly number[]) => readonly number[]

/** `(x - x0) * mean of the gradient` at the midpoints of the line. */
export function integratedLoop(
  image: ArrayLike<number>,
  { steps, baseline }: { steps: number; baseline: number },
  gradientOf: GradientOf,
): number[] {
  const x = Array.from(image)
  const gradients = Array.from({ length: steps }, (_, k) =>
    gradientOf(x.map((value) => baseline + ((k + 0.5) / steps) * (value - baseline))),
  )
  return x.map(
    (value, i) =>
      ((value - baseline) * gradients.reduce((sum, gradient) => sum + (gradient[i] ?? NaN), 0)) / steps,
  )
}

/** Mean of the (squared) gradient over noisy copies, with the seeded noise of one sample. */
export function smoothLoop(
  image: ArrayLike<number>,
  { copies, sigma, reduction, seed }: { copies: number; sigma: number; reduction: string; seed: number },
  sampleIndex: number,
  gradientOf: GradientOf,
): number[] {
  const x = Array.from(image)
  const generator = seededGenerator(seed, 'smoothgrad', sampleIndex)
  const deviation = sigma * (Math.max(...x) - Math.min(...x))
  const sums = x.map(() => 0)
  for (let copy = 0; copy < copies; copy += 1) {
    const gradient = gradientOf(x.map((value) => Math.fround(value + deviation * generator.normal())))
    for (const [i, g] of gradient.entries()) {
      sums[i] = (sums[i] ?? NaN) + (reduction === 'squared' ? g * g : g)
    }
  }
  return sums.map((sum) => sum / copies)
}

/** For each pixel the mean drop of the logit over all patches that cover it. */
export function occludedLoop(
  { rows, columns }: { rows: number; columns: number },
  image: ArrayLike<number>,
  { patch, stride }: { patch: number; stride: number },
  logitOf: (image: readonly number[]) => number,
): number[] {
  const x = Array.from(image)
  const f = logitOf(x)
  const drops = x.map((): number[] => [])
  for (const top of startsAlong(rows, patch, stride)) {
    for (const left of startsAlong(columns, patch, stride)) {
      const inside = (i: number) => {
        const [row, column] = [Math.floor(i / columns) - top, (i % columns) - left]
        return row >= 0 && row < patch && column >= 0 && column < patch
      }
      const drop = f - logitOf(x.map((value, i) => (inside(i) ? -1 : value)))
      for (const [i, list] of drops.entries()) if (inside(i)) list.push(drop)
    }
  }
  return drops.map((list) => list.reduce((sum, drop) => sum + drop, 0) / list.length)
}

function startsAlong(size: number, patch: number, stride: number): number[] {
  const starts: number[] = []
  let start = 0
  while (start + patch < size) {
    starts.push(start)
    start += stride
  }
  return [...starts, Math.max(0, size - patch)]
}

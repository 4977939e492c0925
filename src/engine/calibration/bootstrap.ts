import { seededGenerator } from '../../shared/seeds.ts'
import type { Sample } from './observations.ts'

/** Draws as many groups as there are, with replacement, and tells how often each was drawn. The array is reused. */
export function forEachResample(
  groups: number,
  { seed, resamples }: { seed: number; resamples: number },
  visit: (drawn: Int32Array, resample: number) => void,
): void {
  const generator = seededGenerator(seed, 'bootstrap')
  const drawn = new Int32Array(groups)
  for (let resample = 0; resample < resamples; resample += 1) {
    drawn.fill(0)
    for (let draw = 0; draw < groups; draw += 1) {
      const group = generator.uniformInt(0, groups - 1)
      drawn[group] = (drawn[group] ?? 0) + 1
    }
    visit(drawn, resample)
  }
}

/** Writes the weights of a resample: those of the sample times how often the observation's sequence was drawn. */
export function resampledWeights(
  { weights, sequence }: Sample,
  drawn: Int32Array,
  into: Float64Array,
): Float64Array {
  for (let at = 0; at < weights.length; at += 1) {
    into[at] = (weights[at] ?? 0) * (drawn[sequence[at] ?? 0] ?? 0)
  }
  return into
}

/** A quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export function quantile(ascending: ArrayLike<number>, probability: number): number {
  const position = (ascending.length - 1) * probability
  const below = ascending[Math.floor(position)] ?? NaN
  const above = ascending[Math.ceil(position)] ?? NaN
  return below + (above - below) * (position - Math.floor(position))
}

const NORMAL_975 = 1.959964

/**
 * A 95 % interval of a probability from its resamples: the logit of the value, plus and minus 1.96 standard deviations of the
 * logits of the resamples. Near 0 and 1, where resamples are skewed, it holds the truth more often than percentiles do, and
 * it never leaves [0, 1]. Where a logit is not finite: the percentile interval. NaN is left out.
 */
export function logitInterval(value: number, resampled: Iterable<number>): { low: number; high: number } {
  const values = Float64Array.from(resampled).filter((probability) => !Number.isNaN(probability))
  const logits = values.map(logit)
  const centre = logit(value)
  if (logits.length < 2 || !Number.isFinite(centre) || !logits.every(Number.isFinite)) {
    return percentileInterval(values)
  }
  const mean = logits.reduce((sum, each) => sum + each, 0) / logits.length
  const squares = logits.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  const reach = NORMAL_975 * Math.sqrt(squares / (logits.length - 1))
  return { low: probabilityOf(centre - reach), high: probabilityOf(centre + reach) }
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability))
}

function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

/** The 95 % percentile interval of what the resamples gave; NaN (nothing to compute from) is left out. */
export function percentileInterval(values: Iterable<number>): { low: number; high: number } {
  const ascending = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort()
  return { low: quantile(ascending, 0.025), high: quantile(ascending, 0.975) }
}

import type { AgreementMetricName } from '../../shared/names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { pearson } from './pearson.ts'
import type { MapValues } from './ranks.ts'
import type { MetricScore } from './score.ts'
import { spearman } from './spearman.ts'
import { ssim } from './ssim.ts'
import { topOverlap } from './top-overlap.ts'

/** Part of the pixels whose overlap is measured unless a number is given. */
const TOP_PART = 0.1

/** A tenth of the pixels: 235 of 28 x 84. */
export function defaultTop(pixels: number): number {
  return Math.max(1, Math.round(pixels * TOP_PART))
}

/**
 * How far two maps of one sample agree, in the order of `AGREEMENT_METRICS`. Null is `undefined`: correlations of a constant map,
 * the similarity of a map that is 0 everywhere. The overlap with a map that is 0 everywhere is `no_relevance`: pixel numbers
 * alone decide it.
 *
 * @param top pixels whose overlap is measured, from 1 to all of them
 * @throws HeatproofError `bad_argument` when the maps differ in size or `top` is out of range
 */
export function agreement(
  a: MapValues,
  b: MapValues,
  { columns, top }: { columns: number; top: number },
): MetricScore<AgreementMetricName>[] {
  requireComparable(a, b, top)
  const isEmpty = (map: MapValues) => map.every((value: number) => value === 0)
  const empty = isEmpty(a) || isEmpty(b)
  const score = (metric: AgreementMetricName, value: number | null): MetricScore<AgreementMetricName> => ({
    metric,
    value,
    state: value === null ? 'undefined' : empty ? 'no_relevance' : 'ok',
  })
  return [
    score('spearman', spearman(a, b)),
    score('pearson', pearson(a, b)),
    score('top_overlap', topOverlap(a, b, top)),
    score('ssim', ssim(a, b, columns)),
  ]
}

function requireComparable(a: MapValues, b: MapValues, top: number): void {
  const fits = a.length === b.length && Number.isInteger(top) && top >= 1 && top <= a.length
  if (fits) return
  throw new HeatproofError('bad_argument', {
    found: `maps of ${a.length} and ${b.length} pixels, the ${top} largest`,
    expected: 'maps of equal size, and no more largest pixels than a map has',
    advice: 'Compare maps of the same samples, and correct the number of largest pixels.',
  })
}

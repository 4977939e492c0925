import erfc from '@stdlib/math-base-special-erfc'
import fCdf from '@stdlib/stats-base-dists-f-cdf'
import studentizedRangeCdf from '@stdlib/stats-base-dists-studentized-range-cdf'
import studentCdf from '@stdlib/stats-base-dists-t-cdf'
import studentQuantile from '@stdlib/stats-base-dists-t-quantile'

/** P(|T| >= |t|) for Student's t; `degrees` > 0. Exact in the far tail, where 1 - cdf would be 0. */
export function twoSidedStudent(t: number, degrees: number): number {
  return 2 * studentCdf(-Math.abs(t), degrees)
}

/** The t with P(|T| <= t) = `level`, in (0, 1). */
export function studentReach(level: number, degrees: number): number {
  return studentQuantile((1 + level) / 2, degrees)
}

/** P(|Z| >= |z|) for the standard normal distribution. */
export function twoSidedNormal(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** P(F >= f); f >= 0. Taken from the other side, P(1 / F <= 1 / f), so that small values keep their digits. */
export function upperF(f: number, numeratorDegrees: number, denominatorDegrees: number): number {
  if (f <= 0) return 1
  return fCdf(1 / f, denominatorDegrees, numeratorDegrees)
}

/** P(Q >= q) for the studentized range of `groups` means; good to about 1e-10. */
export function upperStudentizedRange(q: number, groups: number, degrees: number): number {
  return Math.min(1, Math.max(0, 1 - studentizedRangeCdf(q, groups, degrees)))
}

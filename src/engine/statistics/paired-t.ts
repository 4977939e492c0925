import { meanOf, squaredDeviations } from './describe.ts'
import { studentReach, twoSidedStudent } from './distributions.ts'

export interface PairedT {
  pairs: number
  /** Mean of the differences, and its 95 % interval. */
  difference: number
  low: number
  high: number
  t: number
  degrees: number
  /** Two-sided. */
  p: number
}

/** Differences that vary by less than this part of their size are the same but for rounding. */
const ROUNDING = 1e-12

/**
 * Student's t test of paired values (Student 1908): whether the mean of the differences is 0.
 *
 * @returns null where it is undefined: fewer than two pairs, or differences that are all the same
 */
export function pairedT(differences: readonly number[]): PairedT | null {
  const pairs = differences.length
  if (pairs < 2) return null
  const difference = meanOf(differences)
  const degrees = pairs - 1
  const deviation = Math.sqrt(squaredDeviations(differences) / degrees)
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (deviation <= ROUNDING * largest) return null
  const error = deviation / Math.sqrt(pairs)
  const reach = studentReach(0.95, degrees) * error
  const t = difference / error
  return {
    pairs,
    difference,
    low: difference - reach,
    high: difference + reach,
    t,
    degrees,
    p: twoSidedStudent(t, degrees),
  }
}

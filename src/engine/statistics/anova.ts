import { meanOf, squaredDeviations, sum } from './describe.ts'
import { upperF, upperStudentizedRange } from './distributions.ts'

export interface Anova {
  f: number
  betweenDegrees: number
  withinDegrees: number
  p: number
  /** Variance within the groups. */
  withinVariance: number
}

/**
 * One-way analysis of variance (Fisher): whether groups of independent values have one mean.
 *
 * @returns null where it is undefined: fewer than two groups, an empty one, no degree of freedom within, or no variance within
 */
export function anova(groups: readonly (readonly number[])[]): Anova | null {
  const values = groups.flat()
  const withinDegrees = values.length - groups.length
  if (groups.length < 2 || withinDegrees < 1 || groups.some((group) => group.length === 0)) return null
  const grand = meanOf(values)
  const between = sum(groups.map((group) => group.length * (meanOf(group) - grand) ** 2))
  const within = sum(groups.map(squaredDeviations))
  if (within <= 1e-24 * sum(values.map((value) => value ** 2))) return null
  const betweenDegrees = groups.length - 1
  const withinVariance = within / withinDegrees
  const f = between / betweenDegrees / withinVariance
  return { f, betweenDegrees, withinDegrees, p: upperF(f, betweenDegrees, withinDegrees), withinVariance }
}

/**
 * p values of Tukey's honestly significant difference for two of the groups of an {@link anova}, after Tukey and Kramer where
 * they differ in size: the chance of a difference as large between any two of them if all had one mean.
 */
export function tukey(
  { withinVariance, withinDegrees, betweenDegrees }: Anova,
  left: readonly number[],
  right: readonly number[],
): number {
  const error = Math.sqrt((withinVariance / 2) * (1 / left.length + 1 / right.length))
  const q = Math.abs(meanOf(left) - meanOf(right)) / error
  return upperStudentizedRange(q, betweenDegrees + 1, withinDegrees)
}

import type { Agreement, AgreementEstimate, AgreementMeasures } from '../../../shared/contract/agreement.ts'
import { formatValue, plural } from '../../../shared/units.ts'

/** Whose agreement: all reviewers, two of them, or one with themselves. */
export interface RaterSet {
  value: string
  label: string
  measures: readonly AgreementMeasures[]
}

/** The sets of raters who have something in common; all reviewers first. */
export function raterSets({ reviewers, between, pairs, within, maps }: Agreement): RaterSet[] {
  const shared = pairs.filter(({ measures }) => measures.some((row) => row.maps > 0))
  return [
    ...(maps === 0 ? [] : [{ value: 'all', label: 'all reviewers', measures: between }]),
    ...(reviewers.length < 3
      ? []
      : shared.map(({ first, second, measures }) => ({
          value: JSON.stringify([first, second]),
          label: `${first} and ${second}`,
          measures,
        }))),
    ...within.map(({ reviewer, repeats, measures }) => ({
      value: JSON.stringify([reviewer]),
      label: `${reviewer} with themselves (${plural(repeats, 'repeat')})`,
      measures,
    })),
  ]
}

/** A measure for a cell: its value, and its interval where there is one. */
export function cellOf({ value, low, high }: AgreementEstimate): { value: string; interval: string } {
  if (value === null) return { value: 'undefined', interval: '' }
  const interval = low === null || high === null ? '' : `${formatValue(low, 2)} to ${formatValue(high, 2)}`
  return { value: formatValue(value, 2), interval }
}

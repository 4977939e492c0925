import type { AgreementMeasures } from './contract/agreement.ts'
import { termTitle } from './terms.ts'
import { formatPercent, formatValue } from './units.ts'

/** Raw agreement from here on is high; a coefficient below this is low; a class rarer than this is rare. */
const HIGH = 0.8
const LOW = 0.4
const RARE = 0.15

/** What the question was, for people. */
export function questionTitle(on: AgreementMeasures['on']): string {
  return on === 'verdict' ? 'Accept, fail or unsure' : termTitle(on)
}

/**
 * The paradox of the rare class, in sentences, where it strikes: nearly all ratings agree, yet a coefficient that corrects for
 * chance is low, since one answer is so rare that chance alone agrees on nearly all. null where it does not.
 */
export function rareClassParadox(measures: AgreementMeasures): string | null {
  const { on, raw, krippendorff, gwet, positive, negative, prevalence } = measures
  if (raw.value === null || krippendorff.value === null || prevalence === null) return null
  const rare = Math.min(prevalence, 1 - prevalence)
  if (raw.value < HIGH || krippendorff.value >= LOW || rare > RARE) return null
  const isPositiveRare = prevalence <= RARE
  const onRare = isPositiveRare ? positive : negative
  const word = on === 'verdict' ? 'say “fail”' : 'flag it'
  const share = isPositiveRare
    ? `only ${formatPercent(prevalence)} of the ratings ${word}`
    : `all but ${formatPercent(1 - prevalence)} of the ratings ${word}`
  return (
    `${formatPercent(raw.value)} of the pairs of ratings agree, yet alpha is ${formatValue(krippendorff.value)}: ${share}, so chance alone would agree nearly as often, and a few differences on the rare answer take most of what is left. ` +
    `It does not mean that the reviewers guess. Look at the specific agreement (${formatValue(onRare.value)} on the rare answer) and at AC1 (${formatValue(gwet.value)}), and report the share beside them.`
  )
}

import { questionTitle, rareClassParadox } from '../../shared/agreement-text.ts'
import type { Agreement, AgreementEstimate, AgreementMeasures } from '../../shared/contract/agreement.ts'
import { formatPercent, formatValue, plural } from '../../shared/units.ts'
import { printTable } from './table.ts'

/** The agreement of reviewers as tables, each with the rare-class paradox where it strikes. */
export function printAgreement(agreement: Agreement): string {
  const { reviewers, maps, sequences, blindMaps, between, pairs, within, neverFlagged } = agreement
  const names = reviewers.map(({ name, maps: own }) => `${name} (${own})`).join(', ')
  const head = [
    `${plural(reviewers.length, 'reviewer')}: ${names || 'nobody has decided yet'}`,
    maps === 0
      ? 'No map was decided by two reviewers: agreement between them is undefined. Let them share a queue.'
      : `${plural(maps, 'map')} of ${plural(sequences, 'base sequence')} decided by two or more, ${blindMaps} of them blind by all`,
    ...(neverFlagged.length === 0 ? [] : [`never flagged: ${neverFlagged.join(', ')}`]),
  ]
  return [
    head.join('\n'),
    ...(maps === 0 ? [] : [printMeasures('all reviewers together', between)]),
    ...(reviewers.length < 3
      ? []
      : pairs
          .filter(({ measures }) => measures.some((row) => row.maps > 0))
          .map(({ first, second, measures }) => printMeasures(`${first} and ${second}`, measures))),
    ...within.map(({ reviewer, repeats, measures }) =>
      printMeasures(`${reviewer} with themselves, ${plural(repeats, 'repeat')}`, measures),
    ),
    ...(within.length > 0 ? [] : ['No reviewer has decided a map again: agreement within one is undefined.']),
  ].join('\n\n')
}

function printMeasures(title: string, measures: readonly AgreementMeasures[]): string {
  const paradoxes = measures.flatMap((row) => {
    const sentence = rareClassParadox(row)
    return sentence === null ? [] : [`${questionTitle(row.on)}: ${sentence}`]
  })
  return [
    title,
    printTable(
      ['', 'maps', 'positive', 'raw', 'Cohen', 'Fleiss', 'alpha', 'AC1', 'agree on +', 'agree on -'],
      measures.map((row) => [
        row.on,
        String(row.maps),
        formatPercent(row.prevalence),
        ...[row.raw, row.cohen, row.fleiss, row.krippendorff, row.gwet, row.positive, row.negative].map(
          printMeasure,
        ),
      ]),
    ),
    ...paradoxes,
  ].join('\n')
}

function printMeasure({ value, low, high }: AgreementEstimate): string {
  if (value === null) return 'undefined'
  if (low === null || high === null) return formatValue(value, 2)
  return `${formatValue(value, 2)} [${formatValue(low, 2)}, ${formatValue(high, 2)}]`
}

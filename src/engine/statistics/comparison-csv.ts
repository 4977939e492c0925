import type { Statistics } from '../../shared/contract/statistics.ts'
import { writeCsv } from '../exchange/csv.ts'

const COLUMNS = [
  'dataset',
  'within',
  'metric',
  'tau',
  'over',
  'left',
  'right',
  'pairs',
  'left_mean',
  'right_mean',
  'difference',
  'low',
  'high',
  't',
  't_p',
  't_p_holm',
  'wilcoxon',
  'wilcoxon_p',
  'wilcoxon_p_holm',
  'tukey_p',
  'cliffs_delta',
  'anova_f',
  'anova_p',
]

const UNDEFINED = 'undefined'

/** The comparisons as CSV, one row a pair; what is undefined says so. */
export function comparisonCsv({ metric, tau, tables }: Statistics): string {
  const rows = tables.flatMap(({ dataset, within, over, anova, pairs }) =>
    pairs.map((pair) => [
      ...[dataset, within, metric, tau, over, pair.left, pair.right, pair.pairs],
      ...[
        pair.leftMean,
        pair.rightMean,
        pair.difference,
        pair.low,
        pair.high,
        pair.t,
        pair.tP,
        pair.tHolm,
        pair.wilcoxon,
        pair.wilcoxonP,
        pair.wilcoxonHolm,
        pair.tukeyP,
        pair.cliffsDelta,
        anova?.f ?? null,
        anova?.p ?? null,
      ].map((value) => value ?? UNDEFINED),
    ]),
  )
  return writeCsv(COLUMNS, rows)
}

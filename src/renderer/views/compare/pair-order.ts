import type { MapPair, PairAgreement, PairSummary } from '../../../shared/contract/compare.ts'
import type { AgreementMetricName } from '../../../shared/names.ts'

export const ORDERS = ['least', 'most'] as const
/** Least or most alike first. */
export type AgreementOrder = (typeof ORDERS)[number]

/** Pairs in some order, as the table reads them. */
export interface PairList {
  readonly length: number
  at: (position: number) => MapPair | undefined
  /** Undefined while it is not measured. */
  agreementAt: (position: number) => PairAgreement | undefined
  /** Loads what these positions show; `end` is not included. */
  load: (start: number, end: number) => Promise<void>
}

/** The measured pairs by one agreement; those without a value come last, ties in the order of the sequences. */
export function sortedPairs(
  { pairs }: Pick<PairSummary, 'pairs'>,
  metric: AgreementMetricName,
  order: AgreementOrder,
): PairList {
  const valueOf = ({ agreement }: PairSummary['pairs'][number]) => {
    const score = agreement.find((each) => each.metric === metric)
    return score?.state === 'ok' ? score.value : null
  }
  const sign = order === 'least' ? 1 : -1
  const sorted = pairs.toSorted((one, other) => {
    const [x, y] = [valueOf(one), valueOf(other)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (x - y)
  })
  return {
    length: sorted.length,
    at: (position) => sorted[position],
    agreementAt: (position) => sorted[position]?.agreement,
    load: () => Promise.resolve(),
  }
}

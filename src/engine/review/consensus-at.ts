import { VERDICTS, type ConsensusRule, type Verdict } from '../../shared/names.ts'
import { verdictBy } from './consensus.ts'
import type { ReviewerColumn } from './reviewer-columns.ts'

/** What a map's reviewers say together by a rule; null when they do not, or nobody has decided. */
export function consensusAt(
  reviewers: readonly ReviewerColumn[],
  row: number,
  rule: ConsensusRule = 'majority',
): Verdict | null {
  const verdicts = reviewers.flatMap(({ verdicts: codes }) => {
    const verdict = VERDICTS[(codes[row] ?? 0) - 1]
    return verdict === undefined ? [] : [{ verdict }]
  })
  return verdictBy(rule, verdicts)
}

import { VERDICTS, type Verdict } from '../../shared/names.ts'
import { majorityVerdict } from './consensus.ts'
import type { ReviewerColumn } from './reviewer-columns.ts'

/** The verdict of more than half of a map's reviewers; null when there is none. */
export function consensusAt(reviewers: readonly ReviewerColumn[], row: number): Verdict | null {
  const verdicts = reviewers.flatMap(({ verdicts: codes }) => {
    const verdict = VERDICTS[(codes[row] ?? 0) - 1]
    return verdict === undefined ? [] : [{ verdict }]
  })
  return majorityVerdict(verdicts)
}

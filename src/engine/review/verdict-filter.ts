import type { MapFilter } from '../../shared/contract/common.ts'
import type { MapColumns } from './map-columns.ts'
import { modeBits, verdictCode } from './reviewer-columns.ts'

/** A latest verdict that a map must have: by one of these reviewers, one of these verdicts, with one of these modes. */
export interface WantedVerdict {
  /** Indices of reviewer columns. */
  reviewers: number[]
  /** Bit i: verdict code i; bit 0: that none of the reviewers has decided. */
  verdicts: number
  /** Bit i: the mode `FAILURE_MODES[i]`; 0: any verdict, with or without modes. */
  modes: number
}

/** Any verdict, but not the lack of one. */
export const ANY_VERDICT = 0b1110
const NONE = 0b0001

/** null when the filter does not ask for a verdict. */
export function wantedVerdicts(
  { reviewers }: Pick<MapColumns, 'reviewers'>,
  { verdict, mode, reviewer }: Pick<MapFilter, 'verdict' | 'mode' | 'reviewer'>,
): WantedVerdict | null {
  if (verdict === undefined && mode === undefined && reviewer === undefined) return null
  return {
    reviewers: [...reviewers.keys()].filter(
      (index) => reviewer === undefined || reviewer.includes(reviewers[index]?.reviewer ?? ''),
    ),
    verdicts:
      verdict === undefined
        ? ANY_VERDICT
        : verdict.reduce((bits, name) => bits | (name === 'none' ? NONE : 1 << verdictCode(name)), 0),
    modes: modeBits(mode ?? []) | (mode?.length === 0 ? IMPOSSIBLE : 0),
  }
}

/** A mode that no verdict has, for a filter that lists no mode at all. */
const IMPOSSIBLE = 1 << 30

/** Whether a map on which nobody has decided matches. */
export function matchesUnreviewed({ verdicts, modes }: Pick<WantedVerdict, 'verdicts' | 'modes'>): boolean {
  return (verdicts & NONE) !== 0 && modes === 0
}

export function verdictTest(
  columns: Pick<MapColumns, 'reviewers'>,
  { reviewers, verdicts, modes }: WantedVerdict,
): (row: number) => boolean {
  const wanted = reviewers.flatMap((index) => columns.reviewers.slice(index, index + 1))
  const noneMatches = matchesUnreviewed({ verdicts, modes })
  return (row) => {
    let decided = false
    for (const column of wanted) {
      const code = column.verdicts[row] ?? 0
      if (code === 0) continue
      decided = true
      const hasMode = modes === 0 || ((column.modes[row] ?? 0) & modes) !== 0
      if (hasMode && (verdicts & (1 << code)) !== 0) return true
    }
    return noneMatches && !decided
  }
}

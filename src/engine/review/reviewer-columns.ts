import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import { FAILURE_MODES, VERDICTS } from '../../shared/names.ts'

/** Latest verdicts of one reviewer, a row a map. */
export interface ReviewerColumn {
  reviewer: string
  /** 0: none, else 1 + the index in `VERDICTS`. */
  verdicts: Uint8Array
  /** Bit i: the mode `FAILURE_MODES[i]`. */
  modes: Uint16Array
}

/** Code of a verdict in a {@link ReviewerColumn}; 0 for none and for one that was withdrawn. */
export function verdictCode(verdict: VerdictRow['verdict']): number {
  return VERDICTS.findIndex((name) => name === verdict) + 1
}

export function modeBits(modes: readonly string[]): number {
  return modes.reduce((bits, mode) => bits | (1 << FAILURE_MODES.findIndex((name) => name === mode)), 0)
}

/** The column with room for more maps, on which nobody has decided. */
export function extendReviewer({ reviewer, verdicts, modes }: ReviewerColumn, count: number): ReviewerColumn {
  const longer = { reviewer, verdicts: new Uint8Array(count), modes: new Uint16Array(count) }
  longer.verdicts.set(verdicts)
  longer.modes.set(modes)
  return longer
}

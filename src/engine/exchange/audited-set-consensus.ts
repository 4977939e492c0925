import {
  FAILURE_MODES,
  VERDICTS,
  type ConsensusRule,
  type FailureMode,
  type Verdict,
} from '../../shared/names.ts'
import { hasMode, latestVerdicts, verdictBy } from '../review/consensus.ts'
import type { ExportedVerdict } from '../workspace/export-scans.ts'

/** What the reviewers of a map say together. `tie`: the rule gives no answer; `none`: nobody has decided. */
export interface MapConsensus {
  consensus: Verdict | 'tie' | 'none'
  /** For `fail`: the modes that more than half, all or any of those who say so have set, by the rule. */
  modes: FailureMode[]
  /** How many reviewers have each verdict. */
  counts: Record<Verdict, number>
  /** Ids of the verdicts that count. */
  latest: Set<number>
}

/** @param history every verdict on one map */
export function mapConsensus(
  history: readonly ExportedVerdict[],
  rule: ConsensusRule = 'majority',
): MapConsensus {
  const latest = latestVerdicts(history)
  const together = verdictBy(rule, latest)
  const failing = latest.filter(({ verdict }) => verdict === 'fail')
  const count = (name: Verdict) => latest.filter(({ verdict }) => verdict === name).length
  const [accept, fail, unsure] = VERDICTS.map(count)
  return {
    consensus: latest.length === 0 ? 'none' : (together ?? 'tie'),
    modes: together === 'fail' ? FAILURE_MODES.filter((mode) => hasMode(rule, failing, mode)) : [],
    counts: { accept: accept ?? 0, fail: fail ?? 0, unsure: unsure ?? 0 },
    latest: new Set(latest.map(({ id }) => id)),
  }
}

import { FAILURE_MODES, VERDICTS, type FailureMode, type Verdict } from '../../shared/names.ts'
import { consensusOf, latestVerdicts, majorityVerdict } from '../review/consensus.ts'
import type { ExportedVerdict } from '../workspace/export-scans.ts'

/** What the reviewers of a map say together. `tie`: no verdict has a majority; `none`: nobody has decided. */
export interface MapConsensus {
  consensus: Verdict | 'tie' | 'none'
  /** For `fail`: the modes that more than half of those who say so have set. */
  modes: FailureMode[]
  /** How many reviewers have each verdict. */
  counts: Record<Verdict, number>
  /** Ids of the verdicts that count. */
  latest: Set<number>
}

/** @param history every verdict on one map */
export function mapConsensus(history: readonly ExportedVerdict[]): MapConsensus {
  const latest = latestVerdicts(history)
  const majority = majorityVerdict(latest)
  const count = (name: Verdict) => latest.filter(({ verdict }) => verdict === name).length
  const [accept, fail, unsure] = VERDICTS.map(count)
  return {
    consensus: latest.length === 0 ? 'none' : (majority ?? 'tie'),
    modes: majority === 'fail' ? FAILURE_MODES.filter((mode) => consensusOf(latest, mode) === 'fail') : [],
    counts: { accept: accept ?? 0, fail: fail ?? 0, unsure: unsure ?? 0 },
    latest: new Set(latest.map(({ id }) => id)),
  }
}

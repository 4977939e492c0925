import { VERDICTS, type ConsensusRule, type FailureMode, type Verdict } from '../../shared/names.ts'

/** A row of the append-only list of verdicts; a later row has a larger id. */
export interface CastVerdict {
  id: number
  mapId: number
  reviewer: string
  /** `withdrawn`: the reviewer took the verdict back and has none. */
  verdict: Verdict | 'withdrawn'
  modes: readonly FailureMode[]
}

/**
 * What the reviewers of a map say together about one failure mode. `tie`: no verdict, or no answer on the mode, has a
 * majority. `other_mode`: it fails, but for other reasons.
 */
export type ConsensusOutcome = 'fail' | 'accept' | 'unsure' | 'tie' | 'other_mode'

/** The verdict that counts of every reviewer of every map: the latest, unless it was withdrawn. In ascending id. */
export function latestVerdicts<Row extends CastVerdict>(verdicts: readonly Row[]): Row[] {
  const latest = new Map<string, Row>()
  for (const row of verdicts.toSorted((a, b) => a.id - b.id)) {
    latest.set(JSON.stringify([row.mapId, row.reviewer]), row)
  }
  return [...latest.values()].filter(({ verdict }) => verdict !== 'withdrawn').sort((a, b) => a.id - b.id)
}

/** The verdict of more than half of the reviewers, `unsure` being a verdict like the others; null when none has as many. */
export function majorityVerdict(verdicts: readonly Pick<CastVerdict, 'verdict'>[]): Verdict | null {
  const count = (name: Verdict) => verdicts.filter(({ verdict }) => verdict === name).length
  return VERDICTS.find((name) => isMajority(count(name), verdicts.length)) ?? null
}

/** What the reviewers of a map say together by a rule, each with their latest verdict; null when the rule gives no answer. */
export function verdictBy(
  rule: ConsensusRule,
  verdicts: readonly Pick<CastVerdict, 'verdict'>[],
): Verdict | null {
  if (rule === 'majority') return majorityVerdict(verdicts)
  const given = (['fail', 'accept', 'unsure'] as const).filter((name) =>
    verdicts.some(({ verdict }) => verdict === name),
  )
  const [first = null] = given
  return rule === 'any' || given.length === 1 ? first : null
}

/** Whether a failing map has a mode by a rule: set by more than half, all or any of those who say that it fails. */
export function hasMode(
  rule: ConsensusRule,
  failing: readonly Pick<CastVerdict, 'modes'>[],
  mode: FailureMode,
): boolean {
  const setting = failing.filter(({ modes }) => modes.includes(mode)).length
  if (rule === 'majority') return isMajority(setting, failing.length)
  return rule === 'unanimous' ? failing.length > 0 && setting === failing.length : setting > 0
}

/**
 * The majority verdict. For `fail`, the mode must in turn be set by more than half of the reviewers who say so; exactly
 * half is a tie.
 *
 * @param verdicts the latest verdict of each reviewer of one map, at least one
 */
export function consensusOf(
  verdicts: readonly Pick<CastVerdict, 'verdict' | 'modes'>[],
  mode: FailureMode,
): ConsensusOutcome {
  const majority = majorityVerdict(verdicts)
  if (majority !== 'fail') return majority ?? 'tie'
  const failing = verdicts.filter(({ verdict }) => verdict === 'fail')
  const withMode = failing.filter(({ modes }) => modes.includes(mode)).length
  if (isMajority(withMode, failing.length)) return 'fail'
  return isMajority(failing.length - withMode, failing.length) ? 'other_mode' : 'tie'
}

function isMajority(part: number, whole: number): boolean {
  return 2 * part > whole
}

export interface Consensus<Row> {
  /** Maps with a clear answer, in ascending map id, with the verdicts behind it. */
  decided: { mapId: number; fails: boolean; verdicts: Row[] }[]
  /** Maps left out of a calibration, by reason. */
  leftOut: { ties: number; unsure: number; otherModes: number }
}

/** Consensus of every map from all rows ever written: positives fail with the mode, negatives are accepted. */
export function consensusByMap<Row extends CastVerdict>(
  verdicts: readonly Row[],
  mode: FailureMode,
): Consensus<Row> {
  const consensus: Consensus<Row> = { decided: [], leftOut: { ties: 0, unsure: 0, otherModes: 0 } }
  const byMap = Map.groupBy(latestVerdicts(verdicts), ({ mapId }) => mapId)
  for (const [mapId, rows] of [...byMap].sort(([a], [b]) => a - b)) {
    const outcome = consensusOf(rows, mode)
    if (outcome === 'tie') consensus.leftOut.ties += 1
    else if (outcome === 'unsure') consensus.leftOut.unsure += 1
    else if (outcome === 'other_mode') consensus.leftOut.otherModes += 1
    else consensus.decided.push({ mapId, fails: outcome === 'fail', verdicts: rows })
  }
  return consensus
}

import type { Database } from 'better-sqlite3'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import { consensusOf } from '../review/consensus.ts'
import { listLatestVerdicts } from '../workspace/verdicts.ts'
import type { DominanceVerdict } from './figure-input.ts'

/**
 * What reviewers say of single-item dominance, by map id: maps that are accepted, or fail for other reasons only, have none.
 * Ties, `unsure`, and verdicts on whole groups, most of whose maps nobody looked at, decide nothing.
 */
export function dominanceVerdicts(database: Database): Map<number, DominanceVerdict> {
  const single = listLatestVerdicts(database).filter(({ group }) => group === null)
  const decided = new Map<number, DominanceVerdict>()
  for (const [mapId, rows] of Map.groupBy(single, (row) => row.mapId)) {
    const outcome = consensusOf(rows, 'single_item_dominance')
    if (outcome === 'tie' || outcome === 'unsure') continue
    decided.set(mapId, { dominates: outcome === 'fail', weight: 1 / probabilityOf(rows) })
  }
  return decided
}

/** The largest of the probabilities with which queues drew the map; 1 where none is known. */
function probabilityOf(rows: readonly VerdictRow[]): number {
  const probabilities = rows.flatMap(({ probability }) => (probability === null ? [] : [probability]))
  return probabilities.length === 0 ? 1 : Math.max(...probabilities)
}

import type { Database } from 'better-sqlite3'
import { listLatestVerdicts } from '../workspace/verdicts.ts'
import { consensusOf } from './consensus.ts'

/** What the reviewers of a map say together. */
export type MapConsensus = 'accept' | 'fail' | 'unsure' | 'tie'

/** The consensus on every map that somebody has decided on, whatever the failure mode. */
export function consensusOfMaps(database: Database): Map<number, MapConsensus> {
  const byMap = Map.groupBy(listLatestVerdicts(database), ({ mapId }) => mapId)
  return new Map(
    [...byMap].map(([mapId, verdicts]) => {
      const withoutModes = verdicts.map(({ verdict }) => ({ verdict: standing(verdict), modes: [] }))
      const outcome = consensusOf(withoutModes, 'other')
      return [mapId, outcome === 'other_mode' ? 'fail' : outcome]
    }),
  )
}

function standing(verdict: string): 'accept' | 'fail' | 'unsure' {
  if (verdict === 'accept' || verdict === 'fail') return verdict
  return 'unsure'
}

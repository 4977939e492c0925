import type { FitSource } from '../../shared/contract/calibration.ts'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import type { Observation } from './observations.ts'

/** Where the maps of a fit come from; verdicts on other maps are left out. */
export function sourceOf(
  observations: readonly Observation[],
  verdicts: readonly Pick<VerdictRow, 'mapId' | 'reviewer' | 'queueId'>[],
): FitSource {
  const maps = new Set(observations.map(({ mapId }) => mapId))
  const used = verdicts.filter(({ mapId }) => maps.has(mapId))
  return {
    maps: maps.size,
    sequences: new Set(observations.map(({ sequenceId }) => sequenceId)).size,
    reviewers: new Set(used.map(({ reviewer }) => reviewer)).size,
    queues: new Set(used.flatMap(({ queueId }) => (queueId === null ? [] : [queueId]))).size,
    drawnAtRandom: observations.filter(({ drawnAtRandom }) => drawnAtRandom).length,
    unknownProbability: observations.filter(({ probability }) => probability === null).length,
  }
}

import type { Database } from 'better-sqlite3'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import type { AgreementInput, RatedMap, Rating } from '../calibration/agreement-report.ts'
import { samplesOfMaps } from '../workspace/maps.ts'
import { listRepeatQueues, queueDraws } from '../workspace/queues.ts'
import { baseSequences } from '../workspace/samples.ts'
import { listLatestVerdicts, listVerdictsOnMaps } from '../workspace/verdicts.ts'

type Ratings = Pick<AgreementInput, 'reviewers' | 'maps' | 'repeats'>

/**
 * What every reviewer said of every map, and what each said again of maps that came up unannounced. Verdicts that went to whole
 * groups are left out unless they are asked for: nobody looked at most of their maps.
 */
export function ratingsFor(database: Database, { groupVerdicts }: { groupVerdicts: boolean }): Ratings {
  const verdicts = listLatestVerdicts(database).filter(({ group }) => groupVerdicts || group === null)
  const reviewers = [...new Set(verdicts.map(({ reviewer }) => reviewer))].sort()
  const byMap = Map.groupBy(verdicts, ({ mapId }) => mapId)
  const again = repeatsOf(database)
  const sequenceOf = sequencesOf(database, [...byMap.keys(), ...again.map(({ mapId }) => mapId)])
  return {
    reviewers,
    maps: [...byMap].map(([mapId, rows]) => ({
      sequenceId: sequenceOf(mapId),
      ratings: reviewers.map((name) => ratingOf(rows.find(({ reviewer }) => reviewer === name))),
    })),
    repeats: [...Map.groupBy(again, ({ reviewer }) => reviewer)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reviewer, rows]) => ({
        reviewer,
        maps: rows.map(({ mapId, before, after }): RatedMap => ({
          sequenceId: sequenceOf(mapId),
          ratings: [ratingOf(before), ratingOf(after)],
        })),
      })),
  }
}

function ratingOf(row: VerdictRow | undefined): Rating | null {
  if (row === undefined || row.verdict === 'withdrawn') return null
  return { verdict: row.verdict, modes: row.modes, blind: row.blind }
}

interface Repeat {
  reviewer: string
  mapId: number
  before: VerdictRow
  after: VerdictRow
}

/** Of each queue and reviewer the maps that were there as repeats and were decided there: the verdict before, and the last one there. */
function repeatsOf(database: Database): Repeat[] {
  return listRepeatQueues(database).flatMap((queueId) => {
    const mapIds = [...(queueDraws(database, queueId) ?? [])].flatMap(([mapId, { origin }]) =>
      origin === 'repeat' ? [mapId] : [],
    )
    const rows = listVerdictsOnMaps(database, mapIds)
    const byReviewer = Map.groupBy(rows, ({ mapId, reviewer }) => JSON.stringify([mapId, reviewer]))
    return [...byReviewer.values()].flatMap((own) => repeatIn(own, queueId))
  })
}

/** @param own verdicts of one reviewer on one map, oldest first */
function repeatIn(own: readonly VerdictRow[], queueId: number): Repeat[] {
  const before = own[own.findIndex((row) => row.queueId === queueId) - 1]
  const after = own.findLast((row) => row.queueId === queueId)
  if (before === undefined || after === undefined) return []
  if (before.verdict === 'withdrawn' || after.verdict === 'withdrawn') return []
  return [{ reviewer: after.reviewer, mapId: after.mapId, before, after }]
}

function sequencesOf(database: Database, mapIds: readonly number[]): (mapId: number) => number {
  const samples = samplesOfMaps(database, mapIds)
  const sequences = baseSequences(database)
  return (mapId) => {
    const sample = samples.get(mapId) ?? -1
    return sequences.get(sample) ?? sample
  }
}

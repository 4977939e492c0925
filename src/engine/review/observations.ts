import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { VerdictCounts } from '../../shared/contract/calibration.ts'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import type { FailureMode, MetricName } from '../../shared/names.ts'
import { DEFAULT_TAU } from '../../shared/names.ts'
import type { LeftOut } from '../calibration/calibrate.ts'
import { missingVerdicts } from '../calibration/counts.ts'
import type { Observation } from '../calibration/observations.ts'
import { scoreMetric } from '../metrics/score.ts'
import { listMapShares, marksOf } from '../workspace/map-shares.ts'
import { listMapClasses } from '../workspace/maps.ts'
import { baseSequences } from '../workspace/samples.ts'
import { listLatestVerdicts, listVerdicts } from '../workspace/verdicts.ts'
import { consensusByMap } from './consensus.ts'
import { explainedOf } from './explained.ts'

/** Reviewed maps as a calibration takes them, and the verdicts that they come from, those left out among them. */
export interface Reviewed {
  observations: (Observation & { sharesPositive: number[] })[]
  leftOut: LeftOut
  verdicts: VerdictRow[]
}

/**
 * Maps on which the reviewers agree, from the verdicts that count now, or from the rows with the given ids as an older
 * calibration stored them. Those of another class than label and prediction are left out and counted; so are verdicts that went
 * to whole groups unless they are asked for, since most of their maps were never looked at.
 */
export function observationsFor(
  database: Database,
  { mode, groupVerdicts }: { mode: FailureMode; groupVerdicts: boolean },
  verdictIds?: readonly number[],
): Reviewed {
  const given = verdictIds === undefined ? listLatestVerdicts(database) : listVerdicts(database, verdictIds)
  const verdicts = groupVerdicts ? given : given.filter(({ group }) => group === null)
  const { decided: all, leftOut } = consensusByMap(verdicts, mode)
  const ids = all.map(({ mapId }) => mapId)
  const classes = listMapClasses(database, ids).filter((map) => explainedOf(map) !== 'other')
  const meant = new Set(classes.map(({ id }) => id))
  const decided = all.filter(({ mapId }) => meant.has(mapId))
  const sequences = baseSequences(database)
  const shares = new Map(
    listMapShares(
      database,
      decided.map(({ mapId }) => mapId),
    ).map((map) => [map.id, map]),
  )
  const observations = decided.flatMap(({ mapId, fails, verdicts: rows }) => {
    const map = shares.get(mapId)
    if (map === undefined) return []
    return [
      {
        mapId,
        sequenceId: sequences.get(map.sampleId) ?? map.sampleId,
        shares: map.shares,
        sharesPositive: map.sharesPositive,
        pixelScores: map.pixelScores,
        marks: marksOf(database, map.sampleId),
        fails,
        ...drawOf(rows),
      },
    ]
  })
  return {
    observations,
    leftOut: {
      ...leftOut,
      otherClass: all.length - decided.length,
      groupVerdicts: given.length - verdicts.length,
    },
    verdicts: given,
  }
}

/**
 * How a map came up. Reviewed by several, it is in the sample if any of their queues drew it: its probability is at least
 * the largest of theirs. null where no queue is known.
 */
function drawOf(verdicts: readonly VerdictRow[]): { probability: number | null; drawnAtRandom: boolean } {
  const known = verdicts.flatMap(({ probability }) => (probability === null ? [] : [probability]))
  return {
    probability: known.length === 0 ? null : Math.max(...known),
    drawnAtRandom: verdicts.some(({ drawnAtRandom }) => drawnAtRandom),
  }
}

/** How many verdicts a fit would have, and how many it lacks. */
export function countVerdicts(
  { observations, leftOut }: Reviewed,
  metric: MetricName,
): z.infer<typeof VerdictCounts> {
  const defined = observations.filter(({ shares, sharesPositive, pixelScores, marks }) => {
    const stored = { shares: [...shares], sharesPositive, pixelScores }
    const { value } = scoreMetric(metric, stored, marks, DEFAULT_TAU)
    return value !== null && !Number.isNaN(value)
  })
  const positives = defined.filter(({ fails }) => fails).length
  const negatives = defined.length - positives
  return {
    positives,
    negatives,
    ...leftOut,
    undefined: observations.length - defined.length,
    ...missingVerdicts(positives, negatives),
  }
}

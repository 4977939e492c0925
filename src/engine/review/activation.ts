import type { Database } from 'better-sqlite3'
import { HeatproofError } from '../../shared/errors.ts'
import { METRICS } from '../../shared/names.ts'
import { hasTau, scoreMetric } from '../metrics/score.ts'
import {
  activeCalibration,
  getCalibration,
  insertActivation,
  listActivations,
  type Activation,
} from '../workspace/calibrations.ts'
import { eachMapShares, marksOf } from '../workspace/maps.ts'
import { replaceScores } from '../workspace/scores.ts'
import { transact } from '../workspace/statements.ts'

/**
 * Makes a calibration, or with null the default, the active one, and scores every map with its tau, in one transaction.
 *
 * @throws HeatproofError `not_found`, `cannot_write`
 */
export function activateCalibration(database: Database, id: number | null, by: string): void {
  if (id !== null && getCalibration(database, id) === undefined) {
    throw new HeatproofError('not_found', {
      found: `no calibration ${id}`,
      expected: 'the id of a calibration of this workspace',
      advice: 'See the list of versions on the Calibrate screen.',
    })
  }
  change(database, { calibrationId: id, by, undoes: null })
}

/** Goes back to what was active before the last activation that still stands; without one nothing changes. */
export function undoActivation(database: Database, by: string): void {
  const standing = standingActivations(listActivations(database))
  const last = standing.at(-1)
  if (last === undefined) return
  change(database, { calibrationId: standing.at(-2)?.calibrationId ?? null, by, undoes: last.id })
}

/** Activations that no later row takes back, oldest first. */
export function standingActivations(activations: readonly Activation[]): Activation[] {
  const undone = new Set(activations.map(({ undoes }) => undoes))
  return activations.filter(({ id, undoes }) => undoes === null && !undone.has(id))
}

function change(
  database: Database,
  activation: { calibrationId: number | null; by: string; undoes: number | null },
): void {
  transact(database, () => {
    const before = activeCalibration(database).tau
    insertActivation(database, activation)
    const { tau } = activeCalibration(database)
    if (tau !== before) rescore(database, { before, tau })
  })
}

/** Replaces what another tau changes, from the stored shares: most shares are under both caps. */
function rescore(database: Database, { before, tau }: { before: number; tau: number }): void {
  const metrics = METRICS.filter(hasTau)
  const marks = new Map<number, (0 | 1)[]>()
  const marksOfSample = (sampleId: number) => {
    const known = marks.get(sampleId) ?? marksOf(database, sampleId)
    marks.set(sampleId, known)
    return known
  }
  function* changed() {
    for (const map of eachMapShares(database)) {
      const mapMarks = marksOfSample(map.sampleId)
      const scores = metrics
        .map((metric) => scoreMetric(metric, map, mapMarks, tau))
        .filter(({ metric, value }) => value !== scoreMetric(metric, map, mapMarks, before).value)
      if (scores.length > 0) yield { mapId: map.id, scores }
    }
  }
  replaceScores(database, changed())
}

import type { Database } from 'better-sqlite3'
import { HeatproofError } from '../../shared/errors.ts'
import {
  getCalibration,
  insertActivation,
  listActivations,
  type Activation,
} from '../workspace/calibrations.ts'

/**
 * Makes a calibration, or with null the default, the active one. Scores that depend on it follow by themselves, since they
 * are computed when they are read.
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
  insertActivation(database, { calibrationId: id, by, undoes: null })
}

/** Goes back to what was active before the last activation that still stands; without one nothing changes. */
export function undoActivation(database: Database, by: string): void {
  const standing = standingActivations(listActivations(database))
  const last = standing.at(-1)
  if (last === undefined) return
  insertActivation(database, { calibrationId: standing.at(-2)?.calibrationId ?? null, by, undoes: last.id })
}

/** Activations that no later row takes back, oldest first. */
export function standingActivations(activations: readonly Activation[]): Activation[] {
  const undone = new Set(activations.map(({ undoes }) => undoes))
  return activations.filter(({ id, undoes }) => undoes === null && !undone.has(id))
}

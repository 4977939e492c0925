import type { Database } from 'better-sqlite3'
import type { CalibrationFit, CalibrationRequest } from '../../shared/contract/calibration.ts'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import { fitInWorker } from '../calibration/fit-in-worker.ts'
import { verdictHash } from '../calibration/verdict-hash.ts'
import { activateCalibration, undoActivation } from '../review/activation.ts'
import { countVerdicts, observationsFor } from '../review/observations.ts'
import {
  activeCalibration,
  getCalibration,
  insertCalibration,
  listCalibrations,
} from '../workspace/calibrations.ts'

export interface CalibrationDependencies {
  database: Database
  emit: (event: EngineEvent) => void
}

type CalibrationNames =
  | 'calibration.counts'
  | 'calibration.fit'
  | 'calibration.save'
  | 'calibration.list'
  | 'calibration.activate'
  | 'calibration.undo'

export function calibrationHandlers({ database, emit }: CalibrationDependencies): Handlers<CalibrationNames> {
  const activated = () => {
    emit({ type: 'changed', what: ['calibrations', 'maps', 'workspace'] })
    return activeCalibration(database)
  }
  return {
    'calibration.counts': ({ metric, ...which }) => countVerdicts(observationsFor(database, which), metric),
    'calibration.fit': (request) => fitVerdicts(database, request),
    'calibration.save': async ({ createdBy, ...request }) => {
      const id = insertCalibration(database, await fitVerdicts(database, request), createdBy)
      emit({ type: 'changed', what: ['calibrations', 'workspace'] })
      const saved = getCalibration(database, id)
      if (saved === undefined) throw new Error('the calibration was not stored')
      return saved
    },
    'calibration.list': () => listCalibrations(database),
    'calibration.activate': ({ id, by }) => {
      activateCalibration(database, id, by)
      return activated()
    },
    'calibration.undo': ({ by }) => {
      undoActivation(database, by)
      return activated()
    },
  }
}

/**
 * Fits to the verdicts that count now; with `verdictIds`, to those of an older calibration: the same request then gives the
 * same figures and the same hash again.
 *
 * @throws HeatproofError `too_few_verdicts`
 */
export async function fitVerdicts(
  database: Database,
  request: CalibrationRequest,
  verdictIds?: readonly number[],
): Promise<CalibrationFit> {
  const { observations, leftOut, verdicts } = observationsFor(database, request, verdictIds)
  const result = await fitInWorker({ ...request, observations, leftOut })
  return {
    ...result,
    verdictIds: verdicts.map(({ id }) => id),
    verdictHash: verdictHash(verdicts),
  }
}

import type { Database } from 'better-sqlite3'
import type {
  CalibrationFit,
  CalibrationRequest,
  CalibrationVersion,
} from '../../shared/contract/calibration.ts'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { METHOD_REVISION } from '../calibration/calibrate.ts'
import { agreementInWorker, fitInWorker, type Watch } from '../calibration/in-worker.ts'
import { compareBytes } from '../calibration/reproduce.ts'
import { sourceOf } from '../calibration/source.ts'
import { verdictHash } from '../calibration/verdict-hash.ts'
import { activateCalibration, undoActivation } from '../review/activation.ts'
import type { MapTable } from '../review/map-table.ts'
import { countVerdicts, observationsFor } from '../review/observations.ts'
import { comparePredictions, Previews, type Judge } from '../review/predictions.ts'
import { ratingsFor } from '../review/ratings.ts'
import { PROGRAM_VERSION } from '../program-version.ts'
import {
  activeCalibration,
  getCalibration,
  getFitText,
  insertCalibration,
  listCalibrations,
  listNewerVerdicts,
} from '../workspace/calibrations.ts'
import { NamedRequests } from './requests.ts'

export interface CalibrationDependencies {
  database: Database
  maps: MapTable
  emit: (event: EngineEvent) => void
  /** Aborted when the workspace is closed: fits under way end. */
  closing: AbortSignal
}

type CalibrationNames =
  | 'calibration.counts'
  | 'calibration.fit'
  | 'calibration.save'
  | 'calibration.cancel'
  | 'calibration.list'
  | 'calibration.newer'
  | 'calibration.reproduce'
  | 'calibration.compare'
  | 'calibration.preview'
  | 'calibration.agreement'
  | 'calibration.activate'
  | 'calibration.undo'

export function calibrationHandlers({
  database,
  maps,
  emit,
  closing,
}: CalibrationDependencies): Handlers<CalibrationNames> {
  const requests = new NamedRequests(emit, closing)
  const previews = new Previews(database, maps)
  const activated = () => {
    emit({ type: 'changed', what: ['calibrations', 'maps', 'workspace'] })
    return activeCalibration(database)
  }
  return {
    'calibration.counts': ({ metric, ...which }) => countVerdicts(observationsFor(database, which), metric),
    'calibration.fit': ({ requestId, ...request }) =>
      requests.run(requestId, (watch) => fitVerdicts(database, request, { watch })),
    'calibration.save': async ({ createdBy, requestId, ...request }) => {
      const fit = await requests.run(requestId, (watch) => fitVerdicts(database, request, { watch }))
      const id = insertCalibration(database, fit, createdBy)
      emit({ type: 'changed', what: ['calibrations', 'workspace'] })
      return requireVersion(database, id)
    },
    'calibration.cancel': ({ requestId }) => {
      requests.cancel(requestId)
      return {}
    },
    'calibration.list': () => listCalibrations(database),
    'calibration.newer': () => listNewerVerdicts(database),
    'calibration.reproduce': async ({ id, requestId }) => {
      const { fit } = requireVersion(database, id)
      const { verdictIds } = fit
      const again = await requests.run(requestId, (watch) =>
        fitVerdicts(database, fit, { verdictIds, watch }),
      )
      return compareBytes(getFitText(database, id) ?? '', again, fit)
    },
    'calibration.compare': async ({ first, second }) => {
      const [one, other] = [requireVersion(database, first).fit, requireVersion(database, second).fit]
      await maps.ready()
      return {
        verdicts: overlap(one.verdictIds, other.verdictIds),
        maps: comparePredictions(maps, judgeOf(one), judgeOf(other)),
      }
    },
    'calibration.preview': async (request) => {
      await maps.ready()
      return previews.at(request)
    },
    'calibration.agreement': ({ requestId, groupVerdicts, ...request }) =>
      requests.run(requestId, (watch) =>
        agreementInWorker({ ...request, ...ratingsFor(database, { groupVerdicts }) }, watch),
      ),
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

/** @throws HeatproofError `not_found` */
function requireVersion(database: Database, id: number): CalibrationVersion {
  const found = getCalibration(database, id)
  if (found !== undefined) return found
  throw new HeatproofError('not_found', {
    found: `no calibration ${id}`,
    expected: 'the id of a calibration of this workspace',
    advice: 'See the list of versions on the Calibrate screen.',
  })
}

function judgeOf({ metric, tau, theta }: CalibrationFit): Judge {
  return { metric, tau: tau?.value ?? null, theta: theta.value }
}

function overlap(first: readonly number[], second: readonly number[]) {
  const known = new Set(first)
  const both = second.filter((id) => known.has(id)).length
  return { both, onlyFirst: first.length - both, onlySecond: second.length - both }
}

/** What decides the figures of a fit. */
type FitChoice = Pick<CalibrationRequest, 'metric' | 'mode' | 'seed' | 'resamples' | 'groupVerdicts' | 'rule'>

/**
 * Fits to the verdicts that count now; with `verdictIds`, to those of an older calibration: the same request then gives the
 * same figures and the same hash again.
 *
 * @throws HeatproofError `too_few_verdicts`, `cancelled`
 */
export async function fitVerdicts(
  database: Database,
  { metric, mode, seed, resamples, groupVerdicts, rule }: FitChoice,
  { verdictIds, watch }: { verdictIds?: readonly number[]; watch?: Watch } = {},
): Promise<CalibrationFit> {
  const { observations, leftOut, verdicts } = observationsFor(database, { mode, groupVerdicts }, verdictIds)
  const choice = { metric, mode, seed, resamples, groupVerdicts, rule }
  const result = await fitInWorker({ ...choice, observations, leftOut }, watch)
  const counted = verdicts.filter(({ group }) => groupVerdicts || group === null)
  return {
    ...result,
    source: sourceOf(observations, counted),
    code: { version: PROGRAM_VERSION, method: METHOD_REVISION },
    verdictIds: verdicts.map(({ id }) => id),
    verdictHash: verdictHash(verdicts),
  }
}

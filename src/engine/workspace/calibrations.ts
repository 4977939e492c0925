import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Metric } from '../../shared/contract/common.ts'
import { CalibrationFit, type CalibrationVersion } from '../../shared/contract/calibration.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { DEFAULT_TAU } from '../../shared/names.ts'
import { json } from './blobs.ts'
import { insert, now, prepared, selectAll, selectOne } from './statements.ts'
import { countChangedVerdicts } from './verdicts.ts'

const CalibrationRow = z.object({
  id: z.int(),
  version: z.int(),
  fit: json(CalibrationFit),
  createdBy: z.string(),
  createdAt: z.string(),
})

const SELECT_CALIBRATIONS = `
  SELECT id, version, fit_json AS fit, created_by AS createdBy, created_at AS createdAt FROM calibrations`

/** Newest first. */
export function listCalibrations(database: Database): CalibrationVersion[] {
  const activeId = activeCalibrationId(database)
  return selectAll(database, CalibrationRow, `${SELECT_CALIBRATIONS} ORDER BY id DESC`).map((row) => ({
    ...row,
    active: row.id === activeId,
    newerVerdicts: newerVerdicts(database, row.fit),
  }))
}

function newerVerdicts(
  database: Database,
  { verdictIds, groupVerdicts }: Pick<CalibrationFit, 'verdictIds' | 'groupVerdicts'>,
): number {
  return countChangedVerdicts(database, { after: verdictIds.at(-1) ?? 0, groupVerdicts })
}

export function getCalibration(database: Database, id: number): CalibrationVersion | undefined {
  const row = selectOne(database, CalibrationRow, `${SELECT_CALIBRATIONS} WHERE id = @id`, { id })
  return (
    row && {
      ...row,
      active: row.id === activeCalibrationId(database),
      newerVerdicts: newerVerdicts(database, row.fit),
    }
  )
}

/** The bytes of a stored fit, as JSON. */
export function getFitText(database: Database, id: number): string | undefined {
  const text = prepared(database, 'SELECT fit_json FROM calibrations WHERE id = @id').pluck().get({ id })
  return typeof text === 'string' ? text : undefined
}

const FitVerdictsRow = z.object({
  id: z.int(),
  last: z.int().nullable(),
  groupVerdicts: z.int().nullable(),
})

const SELECT_FIT_VERDICTS = `
  SELECT id, fit_json ->> '$.verdictIds[#-1]' AS last, fit_json ->> '$.groupVerdicts' AS groupVerdicts FROM calibrations`

/** Of every version the verdicts that would change it, were it fitted again. */
export function listNewerVerdicts(database: Database): { id: number; newerVerdicts: number }[] {
  return selectAll(database, FitVerdictsRow, SELECT_FIT_VERDICTS).map((row) => ({
    id: row.id,
    newerVerdicts: newerThan(database, row),
  }))
}

/** Verdicts that would change the active calibration, were it fitted again; 0 for the default. */
export function newerThanActive(database: Database): number {
  const id = activeCalibrationId(database)
  const row = selectOne(database, FitVerdictsRow, `${SELECT_FIT_VERDICTS} WHERE id = @id`, { id })
  return row === undefined ? 0 : newerThan(database, row)
}

function newerThan(database: Database, row: z.infer<typeof FitVerdictsRow>): number {
  return countChangedVerdicts(database, { after: row.last ?? 0, groupVerdicts: row.groupVerdicts === 1 })
}

/** Stores a fit as the next version and gives its id. */
export function insertCalibration(database: Database, fit: CalibrationFit, createdBy: string): number {
  return insert(
    database,
    `INSERT INTO calibrations (version, fit_json, created_by, created_at)
     VALUES ((SELECT coalesce(max(version), 0) + 1 FROM calibrations), @fit, @createdBy, @createdAt)`,
    { fit: JSON.stringify(fit), createdBy, createdAt: now() },
  )
}

export interface Activation {
  id: number
  /** null: the default. */
  calibrationId: number | null
  activatedBy: string
  /** The activation that this one takes back. */
  undoes: number | null
  createdAt: string
}

const ActivationRow = z.object({
  id: z.int(),
  calibrationId: z.int().nullable(),
  activatedBy: z.string(),
  undoes: z.int().nullable(),
  createdAt: z.string(),
})

const SELECT_ACTIVATIONS = `
  SELECT id, calibration_id AS calibrationId, activated_by AS activatedBy, undoes, created_at AS createdAt
  FROM activations`

/** Oldest first. */
export function listActivations(database: Database): Activation[] {
  return selectAll(database, ActivationRow, `${SELECT_ACTIVATIONS} ORDER BY id`)
}

export function insertActivation(
  database: Database,
  activation: { calibrationId: number | null; by: string; undoes: number | null },
): void {
  insert(
    database,
    `INSERT INTO activations (calibration_id, activated_by, undoes, created_at)
     VALUES (@calibrationId, @by, @undoes, @createdAt)`,
    { ...activation, createdAt: now() },
  )
}

function activeCalibrationId(database: Database): number | null {
  const last = selectOne(database, ActivationRow, `${SELECT_ACTIVATIONS} ORDER BY id DESC LIMIT 1`)
  return last?.calibrationId ?? null
}

const ActiveRow = z.object({
  id: z.int(),
  version: z.int(),
  metric: json(Metric),
  tau: json(z.number()).nullable(),
  theta: json(z.number()),
})

const SELECT_PARAMETERS = `
  SELECT id, version, fit_json -> '$.metric' AS metric, fit_json -> '$.tau.value' AS tau, fit_json -> '$.theta.value' AS theta
  FROM calibrations`

/** What scores are computed with: the calibration that was activated last, or the default. */
export function activeCalibration(database: Database): ActiveCalibration {
  const id = activeCalibrationId(database)
  return parametersOf(selectOne(database, ActiveRow, `${SELECT_PARAMETERS} WHERE id = @id`, { id }))
}

/**
 * What scores of an export are computed with.
 *
 * @param wanted the active calibration, the default one, or the version with this number
 * @throws HeatproofError `not_found`
 */
export function calibrationFor(database: Database, wanted: 'active' | 'default' | number): ActiveCalibration {
  if (wanted === 'active') return activeCalibration(database)
  if (wanted === 'default') return parametersOf(undefined)
  const row = selectOne(database, ActiveRow, `${SELECT_PARAMETERS} WHERE version = @wanted`, { wanted })
  if (row !== undefined) return parametersOf(row)
  throw new HeatproofError('not_found', {
    found: `no calibration of version ${wanted}`,
    expected: 'the number of a saved version, active or default',
    advice: 'See the versions on the Calibrate screen.',
  })
}

function parametersOf(row: z.infer<typeof ActiveRow> | undefined): ActiveCalibration {
  if (row === undefined) return { id: null, version: null, metric: null, tau: DEFAULT_TAU, theta: null }
  return { ...row, tau: row.tau ?? DEFAULT_TAU }
}

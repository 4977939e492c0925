import type { Database } from 'better-sqlite3'
import { reserveVerdictIds } from '../../workspace/verdicts.ts'
import { execute, prepared, transact } from '../../workspace/statements.ts'
import { MapPlacer, placeModel, placePrediction, placeSample, placeSampleSet } from './place-maps.ts'
import { VerdictPlacer } from './place-verdicts.ts'
import { Placement } from './placement.ts'
import type { RecordTable } from './record-tables.ts'
import type { StagedRecord, StagedRecords } from './staged-records.ts'

export interface StoredRecords {
  /** Whether everything keeps its id. */
  keepsIds: boolean
  /** Rows that are new, by table. */
  inserted: ReadonlyMap<RecordTable, number>
  /** What the workspace says else; then nothing is stored. */
  conflicts: readonly string[]
  /** Calibrations that stay out, since the workspace has calibrations, verdicts or maps of its own. */
  leftOutCalibrations: number
}

/** Ends a transaction of which nothing may stay. */
class TakenBack extends Error {}

/**
 * Stores the records of a set in one transaction. In a workspace that never had any they keep their ids; elsewhere what is there
 * already is found by its hash, recipe, key or time, and left as it is.
 *
 * @param isTrial whether nothing may stay
 */
export function storeRecords(
  database: Database,
  staged: StagedRecords,
  { isTrial }: { isTrial: boolean },
): StoredRecords {
  let stored: StoredRecords | undefined
  try {
    transact(database, () => {
      stored = placeAll(database, staged)
      if (isTrial || stored.conflicts.length > 0) throw new TakenBack()
    })
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
  if (stored === undefined) throw new Error('nothing was placed')
  return stored
}

function placeAll(database: Database, staged: StagedRecords): StoredRecords {
  const placement = new Placement(database)
  const maps = new MapPlacer(placement)
  const verdicts = new VerdictPlacer(placement)
  const outside = { maps: 0, verdicts: 0 }
  let leftOutCalibrations = 0
  for (const record of staged.all()) {
    if (placement.keepsIds) noteIds(record, outside)
    if (isLeftOut(record, placement)) leftOutCalibrations += 1
    placeRecord(record, placement, maps, verdicts)
  }
  if (placement.keepsIds) {
    if (outside.verdicts > 0) reserveVerdictIds(database, outside.verdicts)
    execute(database, "UPDATE sqlite_sequence SET seq = max(seq, @seq) WHERE name = 'maps'", {
      seq: outside.maps,
    })
  }
  const { keepsIds, inserted, conflicts } = placement
  return { keepsIds, inserted, conflicts, leftOutCalibrations }
}

/** A calibration that the workspace does not have, and does not get. */
function isLeftOut({ table, row }: StagedRecord, { database, keepsIds }: Placement): boolean {
  if (table !== 'calibrations' || keepsIds) return false
  const { fit_json: fit, created_at: createdAt } = row
  return (
    prepared(database, 'SELECT 1 FROM calibrations WHERE fit_json = @fit AND created_at = @createdAt').get({
      fit,
      createdAt,
    }) === undefined
  )
}

/** Records speak of maps and verdicts that the set lacks, whose ids others must not get. */
function noteIds({ table, row }: StagedRecord, outside: { maps: number; verdicts: number }): void {
  const largest = (ids: readonly number[]) => ids.reduce((most, id) => Math.max(most, id), 0)
  if (table === 'verdict_groups') {
    const ids = [row.looked_at_json, row.left_out_json].flatMap((text) => JSON.parse(text) as number[])
    outside.maps = Math.max(outside.maps, largest(ids))
  } else if (table === 'calibrations') {
    const { verdictIds } = JSON.parse(row.fit_json) as { verdictIds: number[] }
    outside.verdicts = Math.max(outside.verdicts, largest(verdictIds))
  }
}

function placeRecord(
  { table, row, array }: StagedRecord,
  placement: Placement,
  maps: MapPlacer,
  verdicts: VerdictPlacer,
): void {
  const bytes = array ?? new Uint8Array()
  if (table === 'sample_sets') placeSampleSet(placement, row)
  else if (table === 'samples') placeSample(placement, row, bytes)
  else if (table === 'models') placeModel(placement, row, bytes)
  else if (table === 'predictions') placePrediction(placement, row)
  else if (table === 'runs') maps.run(row)
  else if (table === 'maps') maps.map(row, bytes)
  else if (table === 'map_analyses') maps.analysis(row)
  else if (table === 'map_analysis_rows') maps.analysisRow(row)
  else if (table === 'imports') maps.origin(row)
  else if (table === 'queues') verdicts.queue(row)
  else if (table === 'decisions') verdicts.decision(row)
  else if (table === 'verdict_groups') verdicts.group(row)
  else if (table === 'verdicts') verdicts.verdict(row)
  else if (placement.keepsIds) placement.insert(table, row)
}

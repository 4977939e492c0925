import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { Box } from '../../shared/contract/common.ts'
import { type VerdictInput, type VerdictRow } from '../../shared/contract/review.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { Verdict } from '../../shared/names.ts'
import { queueDraws, type Draw } from '../workspace/queues.ts'
import { sampleSizeOfMap } from '../workspace/samples.ts'
import { now, transact } from '../workspace/statements.ts'
import {
  decisionToRedo,
  decisionToUndo,
  insertDecision,
  insertVerdict,
  markDecision,
  rowsOfDecision,
  verdictBefore,
} from '../workspace/verdicts.ts'

export type Decision = Required<z.output<typeof VerdictInput>>

/**
 * Appends one verdict a map, all or none; they are on disk when it returns. Modes belong to a `fail`: other verdicts store
 * none. A map that the queue does not hold is stored as not coming from a queue.
 *
 * @throws HeatproofError `bad_argument` (a fail without a mode, a box outside the map), `not_found`, `cannot_write`
 */
export function decide(database: Database, decision: Decision): VerdictRow[] {
  const { reviewer, verdict, note, box, queueId } = decision
  const modes = verdict === 'fail' ? [...new Set(decision.modes)] : []
  if (verdict === 'fail' && modes.length === 0) throw modeMissing()
  const mapIds = [...new Set(decision.mapIds)]
  const draws = queueId === null ? new Map<number, Draw>() : queueDraws(database, queueId, mapIds)
  if (draws === undefined) throw unknown('queue', queueId)
  return transact(database, () => {
    for (const mapId of mapIds) checkMap(database, mapId, box)
    const decisionId = insertDecision(database, reviewer)
    const createdAt = now()
    return mapIds.map((mapId) => {
      const draw = draws.get(mapId)
      return insertVerdict(database, {
        mapId,
        reviewer,
        verdict,
        modes,
        note,
        box,
        queueId: draw === undefined ? null : queueId,
        probability: draw?.probability ?? null,
        drawnAtRandom: draw?.drawnAtRandom ?? false,
        createdAt,
        decisionId,
        action: 'decide',
      })
    })
  })
}

export interface Undone {
  mapIds: number[]
  /** What the reviewer's verdict on these maps is now; null where there is none, or where it differs between the maps. */
  verdict: Verdict | null
}

/** Takes the reviewer's last decision back: every map of it gets the verdict that the reviewer had before. */
export function undoDecision(database: Database, reviewer: string): Undone | null {
  return transact(database, () => {
    const decisionId = decisionToUndo(database, reviewer)
    if (decisionId === undefined) return null
    const rows = rowsOfDecision(database, decisionId).map(
      (row) => verdictBefore(database, row) ?? withdrawn(row),
    )
    return append(database, { rows, decisionId, action: 'undo' })
  })
}

/** Makes the decision that was taken back last once more. */
export function redoDecision(database: Database, reviewer: string): Undone | null {
  return transact(database, () => {
    const decisionId = decisionToRedo(database, reviewer)
    if (decisionId === undefined) return null
    return append(database, { rows: rowsOfDecision(database, decisionId), decisionId, action: 'redo' })
  })
}

function append(
  database: Database,
  { rows, decisionId, action }: { rows: VerdictRow[]; decisionId: number; action: 'undo' | 'redo' },
): Undone {
  const createdAt = now()
  for (const row of rows) insertVerdict(database, { ...row, createdAt, decisionId, action })
  markDecision(database, decisionId, action === 'undo' ? 'undone' : 'done')
  const [verdict, ...others] = new Set(rows.map((row) => row.verdict))
  const isOne = verdict !== undefined && verdict !== 'withdrawn' && others.length === 0
  return { mapIds: rows.map(({ mapId }) => mapId), verdict: isOne ? verdict : null }
}

/** The row that says that the reviewer has no verdict. */
function withdrawn(row: VerdictRow): VerdictRow {
  return { ...row, verdict: 'withdrawn', modes: [], note: '', box: null }
}

function checkMap(database: Database, mapId: number, box: Box | null): void {
  const size = sampleSizeOfMap(database, mapId)
  if (size === undefined) throw unknown('map', mapId)
  if (box === null) return
  if (box.row + box.height <= size.rows && box.column + box.width <= size.columns) return
  throw new HeatproofError('bad_argument', {
    found: `a box of ${box.height} x ${box.width} pixels at row ${box.row}, column ${box.column}`,
    expected: `a box inside the map of ${size.rows} x ${size.columns} pixels`,
    advice: 'Draw the box again.',
  })
}

function modeMissing(): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: 'a fail without a failure mode',
    expected: 'one failure mode or more',
    advice: 'Say how the heatmap fails; `other` is for what has no name yet.',
  })
}

function unknown(kind: string, id: number | null): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no ${kind} ${String(id)}`,
    expected: `a ${kind} of this workspace`,
    advice: 'Reload the page: it may show another workspace.',
  })
}

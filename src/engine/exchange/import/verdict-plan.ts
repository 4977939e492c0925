import type { Database } from 'better-sqlite3'
import type { Box } from '../../../shared/contract/common.ts'
import type { VerdictRow } from '../../../shared/contract/verdicts.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { plural } from '../../../shared/units.ts'
import { insertDecision, insertVerdicts, listVerdictsOnMaps } from '../../workspace/verdicts.ts'
import { boxOnMap, mapFinder, type MapsByHash } from './verdict-maps.ts'
import type { ReadVerdict } from './verdict-rows.ts'

/** A verdict with the map and the person that it belongs to. */
type PlacedVerdict = Pick<ReadVerdict, 'where' | 'verdict' | 'modes' | 'note' | 'time'> & {
  mapId: number
  reviewer: string
  box: Box | null
}

/** What an import of verdicts would do to a workspace. */
export interface VerdictPlan {
  /** To be appended, by time; those without one come last. */
  fresh: PlacedVerdict[]
  /** Verdicts that the workspace has already, or that stand twice in the file. */
  known: number
  /** What keeps them all from being imported. */
  conflicts: string[]
  /** Verdicts whose reviewer is whoever imports. */
  withoutReviewer: number
}

/**
 * Compares verdicts with a workspace. Stores nothing.
 *
 * @param by the reviewer of verdicts that name none
 * @throws HeatproofError `bad_argument` where there are such verdicts and nobody is named
 */
export function planVerdicts(
  database: Database,
  verdicts: readonly ReadVerdict[],
  byHash: MapsByHash,
  by: string | undefined,
): VerdictPlan {
  const withoutReviewer = verdicts.filter(({ reviewer }) => reviewer === undefined).length
  if (withoutReviewer > 0 && by === undefined) throw reviewerMissing(withoutReviewer)
  const plan: VerdictPlan = { fresh: [], known: 0, conflicts: [], withoutReviewer }
  const find = mapFinder(database, verdicts, byHash)
  const placed = verdicts.flatMap((verdict): PlacedVerdict[] => {
    const found = find(verdict)
    if ('problem' in found) {
      plan.conflicts.push(`${verdict.where}: ${found.problem}`)
      return []
    }
    const { where, verdict: said, modes, note, time, reviewer = by ?? '' } = verdict
    const { mapId, rows, columns } = found.map
    const box = boxOnMap(verdict, found.map)
    if (box === undefined) {
      plan.conflicts.push(`${where}: its box is not inside of map ${mapId} of ${rows} x ${columns} pixels`)
      return []
    }
    return [{ where, verdict: said, modes, note, time, mapId, reviewer, box }]
  })
  const stored = Map.groupBy(
    listVerdictsOnMaps(database, [...new Set(placed.map(({ mapId }) => mapId))]),
    ownerKey,
  )
  for (const [key, rows] of Map.groupBy(placed, ownerKey)) addOwner(plan, rows, stored.get(key) ?? [])
  plan.fresh.sort((a, b) => (a.time ?? LAST).localeCompare(b.time ?? LAST))
  return plan
}

/** After every time. */
const LAST = '~'

/** Appends what is new, each verdict as a decision of its own; inside of the caller's transaction. */
export function storeVerdicts(database: Database, fresh: readonly PlacedVerdict[]): void {
  for (const { mapId, reviewer, verdict, modes, note, box, time } of fresh) {
    const content = {
      ...{ reviewer, verdict, modes, note, box },
      ...{ queueId: null, probability: null, drawnAtRandom: false, blind: false, group: null },
    }
    insertVerdicts(
      database,
      insertDecision(database, reviewer, null),
      content,
      [{ mapId, position: null }],
      time,
    )
  }
}

function ownerKey({ mapId, reviewer }: { mapId: number; reviewer: string }): string {
  return JSON.stringify([mapId, reviewer])
}

/** What one reviewer says of one map: once in the file, and nothing else since in the workspace. */
function addOwner(plan: VerdictPlan, rows: readonly PlacedVerdict[], history: readonly VerdictRow[]): void {
  const [row, ...again] = rows
  if (row === undefined) return
  const differing = again.find((other) => fullKey(other) !== fullKey(row))
  if (differing !== undefined) {
    plan.conflicts.push(
      `${row.where} and ${differing.where}: ${row.reviewer} says two different things of map ${row.mapId}`,
    )
    return
  }
  plan.known += again.length
  const last = history.at(-1)
  if (isThere(row, history)) {
    plan.known += 1
  } else if (last !== undefined && (row.time === undefined || last.createdAt >= row.time)) {
    const since = row.time === undefined ? 'and the file says no time' : 'which is newer'
    plan.conflicts.push(
      `${row.where}: ${row.reviewer} says ${row.verdict} of map ${row.mapId}, but ${last.verdict} in the workspace since ${last.createdAt}, ${since}`,
    )
  } else {
    plan.fresh.push(row)
  }
}

/** Whether the workspace has this very verdict; without a time it is the one that counts. */
function isThere(row: PlacedVerdict, history: readonly VerdictRow[]): boolean {
  const last = history.at(-1)
  if (last !== undefined && saidKey(last) === saidKey(row)) {
    if (row.time === undefined || row.time <= last.createdAt) return true
  }
  return history.some((stored) => stored.createdAt === row.time && saidKey(stored) === saidKey(row))
}

function saidKey({ verdict, modes, note }: Pick<VerdictRow, 'verdict' | 'modes' | 'note'>): string {
  return JSON.stringify([verdict, modes, note])
}

function fullKey(row: PlacedVerdict): string {
  return JSON.stringify([saidKey(row), row.time, row.box])
}

function reviewerMissing(count: number): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: `${plural(count, 'verdict')} without a reviewer`,
    expected: 'who gave them',
    advice: 'Name the person with --by, or add a column `reviewer`.',
  })
}

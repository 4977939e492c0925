import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { Box } from '../../shared/contract/common.ts'
import type { VerdictGroup, VerdictInput, VerdictRow } from '../../shared/contract/verdicts.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { Verdict } from '../../shared/names.ts'
import { queueDraws, type Draw } from '../workspace/queues.ts'
import { firstUnknownMap } from '../workspace/maps.ts'
import { verdictFactsAfter } from '../workspace/map-scans.ts'
import { sampleSizesOfMaps } from '../workspace/samples.ts'
import { transact } from '../workspace/statements.ts'
import {
  decisionToRedo,
  decisionToUndo,
  insertDecision,
  insertRedo,
  insertUndo,
  insertVerdicts,
  latestVerdictsOf,
  lastVerdictId,
  mapsEverDecided,
  markDecision,
  verdictsOfRequest,
} from '../workspace/verdicts.ts'

export type Decision = Required<z.output<typeof VerdictInput>>

/** Stores the group that a decision goes to, inside of the decision's transaction. */
export type StoreGroup = () => VerdictGroup

/**
 * Appends one verdict a map, all or none; they are on disk when it returns. Modes belong to a `fail`: other verdicts store
 * none. A map that the queue does not hold is stored as not coming from a queue. A request that was stored before is only
 * answered again. With `storeGroup` the verdicts are marked as given to a group.
 *
 * @throws HeatproofError `bad_argument` (a fail without a mode, a box outside the map), `not_found`, `cannot_write`
 */
export function decide(database: Database, decision: Decision, storeGroup?: StoreGroup): VerdictRow[] {
  const { requestId, reviewer, verdict, note, box, queueId, blind } = decision
  const modes = verdict === 'fail' ? [...new Set(decision.modes)] : []
  if (verdict === 'fail' && modes.length === 0) throw modeMissing()
  const mapIds = [...new Set(decision.mapIds)].sort((a, b) => a - b)
  const draws = queueId === null ? new Map<number, Draw>() : queueDraws(database, queueId, mapIds)
  if (draws === undefined) throw unknown('queue', queueId)
  return transact(database, () => {
    const stored = requestId === null ? [] : verdictsOfRequest(database, reviewer, requestId)
    if (stored.length > 0) return stored
    checkMaps(database, mapIds, box)
    const origins = originsOf(database, decision, draws)
    const decisionId = insertDecision(database, reviewer, requestId)
    const uncovered = blind ? uncoveredMaps(database, decision, draws) : new Set<number>()
    const content = { reviewer, verdict, modes, note, box, group: storeGroup?.() ?? null }
    const originOf = (mapId: number) => ({
      ...(origins.get(mapId) ?? NO_QUEUE),
      blind: blind && !uncovered.has(mapId),
    })
    const together = Map.groupBy(mapIds, (mapId) => JSON.stringify(originOf(mapId)))
    return [...together.values()].flatMap((ids) => {
      const maps = ids.map((mapId) => ({ mapId, position: draws.get(mapId)?.position ?? null }))
      return insertVerdicts(database, decisionId, { ...content, ...originOf(ids[0] ?? 0) }, maps)
    })
  })
}

/** Maps that the reviewer decided before and so saw with everything about them; one that comes up again unannounced is covered. */
function uncoveredMaps(
  database: Database,
  { reviewer, mapIds }: Decision,
  draws: ReadonlyMap<number, Draw>,
): Set<number> {
  const decided = mapsEverDecided(database, reviewer, mapIds)
  return new Set(decided.filter((mapId) => draws.get(mapId)?.origin !== 'repeat'))
}

type VerdictOrigin = Pick<VerdictRow, 'queueId' | 'probability' | 'drawnAtRandom'>

const NO_QUEUE: VerdictOrigin = { queueId: null, probability: null, drawnAtRandom: false }

/**
 * With which probability maps came up, for fits that weigh by it. A repeated map keeps the draw by which the reviewer met
 * it first; one with a known answer was chosen by whoever knows it, with a probability that nobody can tell.
 */
function originsOf(
  database: Database,
  { reviewer, queueId }: Decision,
  draws: ReadonlyMap<number, Draw>,
): Map<number, VerdictOrigin> {
  const repeated = [...draws].flatMap(([mapId, { origin }]) => (origin === 'repeat' ? [mapId] : []))
  const earlier = new Map(
    latestVerdictsOf(database, reviewer, repeated).map((verdict) => [verdict.mapId, verdict]),
  )
  return new Map(
    [...draws].map(([mapId, { origin, probability }]) => {
      const { probability: first = null, drawnAtRandom = false } = earlier.get(mapId) ?? {}
      if (origin === 'repeat') return [mapId, { queueId, probability: first, drawnAtRandom }]
      if (origin === 'known') return [mapId, { ...NO_QUEUE, queueId }]
      return [mapId, { queueId, probability, drawnAtRandom: origin === 'random' }]
    }),
  )
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
    const last = lastVerdictId(database)
    insertUndo(database, decisionId)
    markDecision(database, decisionId, 'undone')
    return undoneSince(database, last)
  })
}

/** Makes the decision that was taken back last once more. */
export function redoDecision(database: Database, reviewer: string): Undone | null {
  return transact(database, () => {
    const decisionId = decisionToRedo(database, reviewer)
    if (decisionId === undefined) return null
    const last = lastVerdictId(database)
    insertRedo(database, decisionId)
    markDecision(database, decisionId, 'done')
    return undoneSince(database, last)
  })
}

/** What the verdicts after this one say. */
function undoneSince(database: Database, last: number): Undone {
  const rows = [...verdictFactsAfter(database, last)]
  const [verdict, ...others] = new Set(rows.map(([, , row]) => row))
  const isOne = verdict !== undefined && verdict !== 'withdrawn' && others.length === 0
  return { mapIds: rows.map(([mapId]) => mapId), verdict: isOne ? verdict : null }
}

function checkMaps(database: Database, mapIds: readonly number[], box: Box | null): void {
  const missing = firstUnknownMap(database, mapIds)
  if (missing !== undefined) throw unknown('map', missing)
  if (box === null) return
  const tooSmall = sampleSizesOfMaps(database, mapIds).find(
    ({ rows, columns }) => box.row + box.height > rows || box.column + box.width > columns,
  )
  if (tooSmall === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `a box of ${box.height} x ${box.width} pixels at row ${box.row}, column ${box.column}`,
    expected: `a box inside the map of ${tooSmall.rows} x ${tooSmall.columns} pixels`,
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

import type { Database } from 'better-sqlite3'
import type { QueueItem, QueueRequest } from '../../shared/contract/queues.ts'
import type { ReviewItem } from '../../shared/contract/review.ts'
import { OWNER, type Caller } from '../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { listBlindQueueIds, queueDraws } from '../workspace/queues.ts'
import { everDecided } from '../workspace/verdicts.ts'
import { keptRows } from './kept-rows.ts'
import type { MapColumns } from './map-columns.ts'

/**
 * The maps of blind queues that a reviewer has never decided, of these or of all (one whose verdict was taken back has been
 * seen): of them the engine tells that reviewer what the
 * picture needs and no more, whichever way they ask. Nothing is withheld from leads.
 */
export function withheldFrom(
  database: Database,
  { standing, name }: Caller,
  mapIds?: readonly number[],
): Set<number> {
  if (standing !== 'reviewer' || name === null) return new Set()
  const blind = new Set(
    listBlindQueueIds(database).flatMap((id) => [...(queueDraws(database, id, mapIds)?.keys() ?? [])]),
  )
  for (const mapId of everDecided(database, name, [...blind])) blind.delete(mapId)
  return blind
}

/** The columns without the maps that are withheld, so that no filter, count or pair tells of them. */
export function columnsFor(database: Database, columns: MapColumns, caller: Caller = OWNER): MapColumns {
  const withheld = withheldFrom(database, caller)
  if (withheld.size === 0) return columns
  const rows = Uint32Array.from(columns.mapIds.keys())
  return keptRows(
    columns,
    rows.filter((row) => !withheld.has(columns.mapIds[row] ?? 0)),
  )
}

const HIDDEN = 'hidden'

/** A row of a queue without model, method and value. */
export function withoutFacts<Item extends QueueItem>(item: Item, withheld: ReadonlySet<number>): Item {
  if (!withheld.has(item.mapId)) return item
  return { ...item, modelId: 0, modelLabel: HIDDEN, method: HIDDEN, value: null, withheld: true }
}

/** A map without model, method, metrics, shares, calibration, provenance of the run and verdicts. */
export function withoutDetails(item: ReviewItem, withheld: ReadonlySet<number>): ReviewItem {
  if (!withheld.has(item.mapId)) return item
  return {
    ...item,
    withheld: true,
    model: { id: 0, name: HIDDEN, label: HIDDEN, fold: 0, sha256: '', accuracy: null },
    method: HIDDEN,
    logit: 0,
    total: 0,
    started: null,
    conservation: null,
    checks: null,
    scores: [],
    shares: [],
    sharesPositive: [],
    predictedFailure: null,
    run: { ...item.run, id: 0, backend: '', seed: 0 },
    history: [],
  }
}

/** A blind queue hides its maps from others too, so a reviewer cannot draw one. @throws HeatproofError `forbidden` */
export function requireMayDraw({ blind }: QueueRequest, { standing }: Caller = OWNER): void {
  if (!blind || standing !== 'reviewer') return
  throw new HeatproofError('forbidden', {
    found: 'a blind queue drawn by a reviewer',
    expected: 'a lead who draws it',
    advice: 'Press X to review blind in any queue, or ask a lead for a blind one.',
  })
}

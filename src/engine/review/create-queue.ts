import type { Database } from 'better-sqlite3'
import type { MapFilter } from '../../shared/contract/common.ts'
import type { QueueRequest } from '../../shared/contract/queues.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import { insertQueue, type Origin } from '../workspace/queues.ts'
import { mapsDisagree, rankByDisagreement, reviewersDisagree } from './disagreement.ts'
import { matchingRows } from './filter.ts'
import type { MapColumns } from './map-columns.ts'
import { drawQueue, drawStrata, mixIn, sampleOf, type DrawnQueue } from './queue.ts'
import { rankRows, smallestFirst } from './rank-rows.ts'
import { verdictCode } from './reviewer-columns.ts'

/** Draws a queue from the maps that match and stores it. Gives its id. */
export function createQueue(database: Database, columns: MapColumns, request: QueueRequest): number {
  const matching = matchingRows(columns, request.filter)
  const { drawn, ...queue } = draw(database, columns, matching, request)
  return insertQueue(database, {
    request,
    matching: matching.length,
    mapIds: drawn.map((row) => columns.mapIds[row] ?? 0),
    ...queue,
  })
}

function draw(
  database: Database,
  columns: MapColumns,
  matching: Uint32Array,
  request: QueueRequest,
): DrawnQueue {
  const { order, seed, randomShare } = request
  const wanted = request.size === 0 ? matching.length : Math.min(request.size, matching.length)
  const extras = testsOfTheReviewer(columns, request, wanted)
  const isExtra = new Set(extras.map(({ candidate }) => candidate))
  const candidates = isExtra.size === 0 ? matching : matching.filter((row) => !isExtra.has(row))
  const size = Math.max(0, wanted - extras.length)
  const queue =
    order === 'stratified'
      ? drawStrata(candidates, stratum(columns), { each: request.perStratum, seed })
      : drawQueue(rank(database, columns, candidates, { ...request, size }), {
          ...{ size, seed, randomShare: order === 'random' ? 1 : randomShare },
        })
  return extras.length === 0 ? queue : mixIn(queue, extras, seed)
}

/** Candidates, the most interesting first. */
function rank(
  database: Database,
  columns: MapColumns,
  rows: Uint32Array,
  { order, metric, size }: QueueRequest,
): Uint32Array {
  const values = columns.values[metric]
  switch (order) {
    case 'random':
    case 'stratified':
      return rows
    case 'sequence':
      return bySequence(columns, rows, size)
    case 'reviewers_disagree':
      return rankByDisagreement(rows, reviewersDisagree(columns))
    case 'methods_disagree':
      return rankByDisagreement(rows, mapsDisagree(columns, rows, values, 'methods'))
    case 'models_disagree':
      return rankByDisagreement(rows, mapsDisagree(columns, rows, values, 'models'))
    case 'dominance':
      return rankRows(rows, columns.values.dominance, {
        ...{ order: 'worst_first', metric: 'dominance', theta: null, first: size },
      })
    case 'worst_first':
    case 'best_first':
    case 'uncertain': {
      const calibration = activeCalibration(database)
      const theta = calibration.metric === metric ? calibration.theta : null
      return rankRows(rows, values, { order, metric, theta, first: size })
    }
  }
}

/** All maps of a sample together, model by model and method by method. */
function bySequence({ sampleIds, facts }: MapColumns, rows: Uint32Array, first: number): Uint32Array {
  const { model, method } = facts
  const keys = new Float64Array(rows.length)
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? 0
    const sampleAndModel = (sampleIds[row] ?? 0) * model.values.length + (model.codes[row] ?? 0)
    keys[place] = sampleAndModel * method.values.length + (method.codes[row] ?? 0)
  }
  return smallestFirst(keys, first).map((place) => rows[place] ?? 0)
}

/** Architecture x method x data set. */
function stratum({ facts }: MapColumns): (row: number) => number {
  const { architecture, method, dataset } = facts
  return (row) =>
    ((architecture.codes[row] ?? 0) * method.values.length + (method.codes[row] ?? 0)) *
      dataset.values.length +
    (dataset.codes[row] ?? 0)
}

/**
 * Maps that come up unannounced: some that the reviewer decided before, for the agreement with oneself, and some whose
 * answer another reviewer gave. Both match the filter but for what it asks of verdicts.
 */
function testsOfTheReviewer(
  columns: MapColumns,
  { filter, reviewer, repeatShare, known, seed }: QueueRequest,
  size: number,
): { candidate: number; origin: Origin }[] {
  const { verdict: _v, mode: _m, reviewer: _r, ...facts } = filter
  const decidedBy = (name: string | null) =>
    columns.reviewers.find((column) => column.reviewer === name)?.verdicts
  const own = decidedBy(reviewer)
  const answers = decidedBy(known?.reviewer ?? null)
  if (own === undefined && answers === undefined) return []
  const rows = matchingRows(columns, facts satisfies MapFilter)
  const take = (pool: Uint32Array, share: number, origin: Origin) =>
    Array.from(
      sampleOf(pool, Math.min(pool.length, Math.round(size * share)), seed, origin),
      (candidate) => ({
        candidate,
        origin,
      }),
    )
  const unsure = verdictCode('unsure')
  const isAnswer = (row: number) =>
    (answers?.[row] ?? 0) !== 0 && answers?.[row] !== unsure && (own?.[row] ?? 0) === 0
  return [
    ...take(
      rows.filter((row) => (own?.[row] ?? 0) !== 0),
      repeatShare,
      'repeat',
    ),
    ...take(rows.filter(isAnswer), known?.share ?? 0, 'known'),
  ]
}

import type { Database } from 'better-sqlite3'
import type { GroupingRequest } from '../../shared/contract/groups.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { unknownQueue } from '../review/require-queue.ts'
import { queueDraws } from '../workspace/queues.ts'
import { analysedMaps, requireAnalysis } from './analyses.ts'
import { groupMaps, type Grouping } from './group-maps.ts'

/** Groupings that are kept, since they are asked for again after each verdict. */
const MOST_KEPT = 8

export interface QueueGrouping extends Grouping {
  /** Maps of the queue that test the reviewer. */
  tests: number
}

interface Forming {
  result: Promise<QueueGrouping>
  controller: AbortController
}

/** The groups of queues: formed once, kept while they are in use. */
export class Groupings {
  readonly #database: Database
  readonly #forming = new Map<string, Forming>()

  constructor(database: Database) {
    this.#database = database
  }

  /** @throws HeatproofError `not_found` without such a queue or analysis, `cancelled`; what `analysedMaps` throws */
  get(request: GroupingRequest): Promise<QueueGrouping> {
    const key = keyOf(request)
    const known = this.#forming.get(key)
    if (known !== undefined) return known.result
    const controller = new AbortController()
    const result = this.#form(request, controller.signal)
    this.#forming.set(key, { result, controller })
    result.catch(() => this.#forming.delete(key))
    for (const old of this.#forming.keys()) {
      if (this.#forming.size <= MOST_KEPT) break
      this.#end(old)
    }
    return result
  }

  cancel(request: GroupingRequest): void {
    this.#end(keyOf(request))
  }

  /** Forms groups anew when they are asked for next: maps were taken out of queues, or an analysis got rows. */
  forget(): void {
    this.#endAll(forgotten())
  }

  close(): void {
    this.#endAll(cancelled())
  }

  #endAll(reason: HeatproofError): void {
    for (const key of [...this.#forming.keys()]) this.#end(key, reason)
  }

  #end(key: string, reason = cancelled()): void {
    this.#forming.get(key)?.controller.abort(reason)
    this.#forming.delete(key)
  }

  async #form(
    { queueId, groups, seed, analysisId }: GroupingRequest,
    signal: AbortSignal,
  ): Promise<QueueGrouping> {
    const { mapIds, tests } = groupedMapIds(this.#database, queueId)
    const analysed =
      analysisId === null
        ? null
        : await analysedMaps(this.#database, requireAnalysis(this.#database, analysisId), mapIds, signal)
    return { ...(await groupMaps(this.#database, mapIds, { groups, seed, analysed }, signal)), tests }
  }
}

/**
 * The maps of a queue that groups are formed of, and how many others test the reviewer.
 *
 * @throws HeatproofError `not_found`
 */
export function groupedMapIds(database: Database, queueId: number): { mapIds: number[]; tests: number } {
  const draws = queueDraws(database, queueId)
  if (draws === undefined) throw unknownQueue(queueId)
  const mapIds = [...draws]
    .filter(([, { origin }]) => origin !== 'repeat' && origin !== 'known')
    .map(([mapId]) => mapId)
  return { mapIds, tests: draws.size - mapIds.length }
}

function keyOf({ queueId, groups, seed, analysisId }: GroupingRequest): string {
  return JSON.stringify([queueId, groups, seed, analysisId])
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'groups that were not formed to the end',
    expected: 'groups of similar maps',
    advice: 'Form them again, of fewer maps if it took too long.',
  })
}

function forgotten(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'maps that came in or were deleted while groups were formed',
    expected: 'groups of what is there',
    advice: 'Form them again.',
  })
}

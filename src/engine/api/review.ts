import type { Database } from 'better-sqlite3'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { OWNER, type Caller } from '../../shared/contract/reviewers.ts'
import { columnsFor, requireMayDraw, withheldFrom, withoutDetails, withoutFacts } from '../review/blind.ts'
import { createQueue } from '../review/create-queue.ts'
import { decide, redoDecision, undoDecision, type Undone } from '../review/decisions.ts'
import { countDecided, decideQueue } from '../review/decide-queue.ts'
import { facetLabels } from '../review/facet-labels.ts'
import { facetsOf } from '../review/facets.ts'
import { valuesOf } from '../review/map-columns.ts'
import type { MapTable } from '../review/map-table.ts'
import { requireQueue } from '../review/require-queue.ts'
import { reviewItem } from '../review/review-item.ts'
import { sharedScales } from '../review/shared-scales.ts'
import {
  testsSameness,
  undecidedTests,
  withoutAnswers,
  withoutVerdict,
  type Asked,
} from '../review/unannounced.ts'
import { GroupCommit } from '../workspace/group-commit.ts'
import { listQueueItems } from '../workspace/queue-items.ts'
import { placeOf, setPlace } from '../workspace/places.ts'
import { queueDraws, queueMapIds } from '../workspace/queues.ts'
import { listSavedFilters, removeFilter, saveFilter } from '../workspace/saved-filters.ts'

export interface ReviewDependencies {
  database: Database
  maps: MapTable
  emit: (event: EngineEvent) => void
}

type ReviewNames =
  | 'review.facets'
  | 'review.filters'
  | 'review.saveFilter'
  | 'review.removeFilter'
  | 'review.createQueue'
  | 'review.queue'
  | 'review.place'
  | 'review.setPlace'
  | 'review.items'
  | 'review.position'
  | 'review.item'
  | 'review.details'
  | 'review.scales'
  | 'review.tests'
  | 'review.decide'
  | 'review.decideQueue'
  | 'review.decided'
  | 'review.undo'
  | 'review.redo'

export function reviewHandlers({ database, maps, emit }: ReviewDependencies): Handlers<ReviewNames> {
  const commits = new GroupCommit(database)
  const announce = (undone: Undone | null) => {
    if (undone !== null) emit({ type: 'changed', what: ['verdicts'] })
    return undone
  }
  const detailsOf = (mapId: number, asked: Asked | undefined, caller: Caller = OWNER) => {
    const item = withoutDetails(reviewItem(database, mapId), withheldFrom(database, caller, [mapId]))
    if (asked === undefined) return item
    return withoutAnswers(item, undecidedTests(database, asked, [mapId]).get(mapId), asked.reviewer)
  }
  return {
    'review.facets': async ({ filter }, caller) => {
      const columns = columnsFor(database, await maps.ready(), caller)
      return facetsOf(columns, filter, facetLabels(database, columns))
    },
    'review.filters': () => listSavedFilters(database),
    'review.saveFilter': ({ name, request }) => {
      saveFilter(database, name, { ...request, reviewer: null })
      emit({ type: 'changed', what: ['filters'] })
      return listSavedFilters(database)
    },
    'review.removeFilter': ({ name }) => {
      if (!removeFilter(database, name)) throw unknownFilter(name)
      emit({ type: 'changed', what: ['filters'] })
      return listSavedFilters(database)
    },
    'review.createQueue': async (request, caller) => {
      requireMayDraw(request, caller)
      const columns = columnsFor(database, await maps.ready(), caller)
      return requireQueue(database, createQueue(database, columns, request))
    },
    'review.queue': ({ id }) => requireQueue(database, id),
    'review.place': ({ reviewer, queueId }) => placeOf(database, reviewer, queueId),
    'review.setPlace': ({ reviewer, ...place }) => {
      requireQueue(database, place.queueId)
      setPlace(database, reviewer, place)
      return place
    },
    'review.items': async ({ queueId, reviewer, offset, limit }, caller = OWNER) => {
      const { request } = requireQueue(database, queueId)
      const mapIds = queueMapIds(database, queueId, { offset, limit })
      const valueOf = valuesOf(await maps.ready(), request.metric)
      const tests = undecidedTests(database, { queueId, reviewer }, mapIds)
      const withheld = withheldFrom(database, caller, mapIds)
      return listQueueItems(database, mapIds, { offset, reviewer })
        .map((item) => withoutVerdict({ ...item, value: valueOf(item.mapId) }, tests))
        .map((item) => withoutFacts(item, withheld))
    },
    'review.position': ({ queueId, mapId }) => {
      requireQueue(database, queueId)
      return { position: queueDraws(database, queueId, [mapId])?.get(mapId)?.position ?? null }
    },
    'review.item': ({ mapId, asked }, caller) => detailsOf(mapId, asked, caller),
    'review.details': ({ mapIds, asked }, caller) => mapIds.map((mapId) => detailsOf(mapId, asked, caller)),
    'review.scales': async (asked, caller) =>
      sharedScales(database, columnsFor(database, await maps.ready(), caller), asked),
    'review.tests': ({ queueId, reviewer }) => {
      const { known } = requireQueue(database, queueId).request
      return testsSameness(database, { queueId, reviewer }, known?.reviewer ?? null)
    },
    'review.decide': async (decision, caller = OWNER) => {
      const rows = await commits.run(() => {
        const blind = decision.blind || withheldFrom(database, caller, decision.mapIds).size > 0
        return decide(database, { ...decision, blind })
      })
      emit({ type: 'changed', what: ['verdicts'] })
      return rows
    },
    'review.decideQueue': async (decision, caller = OWNER) => {
      const isWithheld = (mapIds: readonly number[]) => withheldFrom(database, caller, mapIds).size > 0
      const count = await commits.run(() => decideQueue(database, decision, isWithheld))
      emit({ type: 'changed', what: ['verdicts'] })
      return { count }
    },
    'review.decided': async ({ queueId, reviewer, ranges }) => ({
      decided: countDecided(database, await maps.ready(), { queueId, reviewer, ranges }),
    }),
    'review.undo': async ({ reviewer }) =>
      announce(await commits.run(() => undoDecision(database, reviewer))),
    'review.redo': async ({ reviewer }) =>
      announce(await commits.run(() => redoDecision(database, reviewer))),
  }
}

function unknownFilter(name: string): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no saved filter '${name}'`,
    expected: 'the name of a saved filter of this workspace',
    advice: 'Somebody else may have removed it; reload the page.',
  })
}

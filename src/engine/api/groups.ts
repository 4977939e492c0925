import type { Database } from 'better-sqlite3'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import type { GroupingRequest, MapGroup } from '../../shared/contract/groups.ts'
import { OWNER, type Caller } from '../../shared/contract/reviewers.ts'
import { requireAnalysis, requireMayGroup, sourcesOf } from '../groups/analyses.ts'
import { decideGroup, requireGroup, undecidedOf } from '../groups/decide-group.ts'
import type { FormedGroup } from '../groups/group-maps.ts'
import { groupedMapIds, type Groupings } from '../groups/groupings.ts'
import { placedMaps } from '../groups/placed-maps.ts'
import { withheldFrom, withoutFacts } from '../review/blind.ts'
import { valuesOf, type MapColumns } from '../review/map-columns.ts'
import type { MapTable } from '../review/map-table.ts'
import { toBlob } from '../workspace/blobs.ts'
import { listQueueItems } from '../workspace/queue-items.ts'
import { getQueue } from '../workspace/queues.ts'

export interface GroupDependencies {
  database: Database
  maps: MapTable
  groupings: Groupings
  emit: (event: EngineEvent) => void
}

type Asked = Pick<GroupingRequest, 'queueId' | 'analysisId'>
type GroupNames =
  'groups.sources' | 'groups.form' | 'groups.places' | 'groups.cancel' | 'groups.items' | 'groups.decide'

export function groupHandlers({ database, maps, groupings, emit }: GroupDependencies): Handlers<GroupNames> {
  const requireMay = ({ queueId, analysisId }: Asked, caller: Caller = OWNER) => {
    if (analysisId !== null) requireMayGroup(database, caller, groupedMapIds(database, queueId).mapIds)
  }
  return {
    'groups.sources': async ({ queueId }, caller = OWNER) => {
      const { mapIds } = groupedMapIds(database, queueId)
      return withheldFrom(database, caller, mapIds).size > 0 ? [] : await sourcesOf(database, mapIds)
    },
    'groups.form': async ({ reviewer, ...request }, caller) => {
      requireMay(request, caller)
      const { groups, ...facts } = await groupings.get(request)
      const columns = await maps.ready()
      return { ...facts, groups: groups.map((group) => shownGroup(group, columns, reviewer)) }
    },
    'groups.places': async ({ embeddingId, ...request }, caller = OWNER) => {
      requireMay({ ...request, analysisId: embeddingId }, caller)
      const embedding = requireAnalysis(database, embeddingId)
      return placedMaps(database, await groupings.get(request), embedding, request.seed)
    },
    'groups.cancel': (request) => {
      groupings.cancel(request)
      return {}
    },
    'groups.items': async ({ index, reviewer, offset, limit, ...request }, caller = OWNER) => {
      requireMay(request, caller)
      const group = requireGroup(await groupings.get(request), index)
      const columns = await maps.ready()
      const mapIds = undecidedOf(columns, reviewer, group.mapIds).slice(offset, offset + limit)
      const metric = getQueue(database, request.queueId)?.request.metric ?? 'capped_percentage'
      const valueOf = valuesOf(columns, metric)
      const withheld = withheldFrom(database, caller, mapIds)
      return listQueueItems(database, mapIds, { offset, reviewer }).map((item) =>
        withoutFacts({ ...item, value: valueOf(item.mapId) }, withheld),
      )
    },
    'groups.decide': async (input, caller = OWNER) => {
      requireMay(input, caller)
      const grouping = await groupings.get(input)
      const mapIds = grouping.groups[input.index]?.mapIds ?? []
      const blind = input.blind || withheldFrom(database, caller, mapIds).size > 0
      const rows = decideGroup(database, await maps.ready(), grouping, { ...input, blind })
      emit({ type: 'changed', what: ['verdicts'] })
      return rows
    },
  }
}

function shownGroup(group: FormedGroup, columns: MapColumns, reviewer: string): MapGroup {
  const { mapIds, meanMap, ...facts } = group
  const size = mapIds.length
  return {
    ...facts,
    size,
    decided: size - undecidedOf(columns, reviewer, mapIds).length,
    meanMap: Buffer.from(toBlob(meanMap)).toString('base64'),
  }
}

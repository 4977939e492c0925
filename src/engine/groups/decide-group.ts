import type { Database } from 'better-sqlite3'
import type { z } from 'zod'
import type { GroupVerdictInput } from '../../shared/contract/groups.ts'
import type { VerdictRow } from '../../shared/contract/verdicts.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatCount } from '../../shared/units.ts'
import { decide } from '../review/decisions.ts'
import { rowOfMap, type MapColumns } from '../review/map-columns.ts'
import { insertVerdictGroup } from '../workspace/verdict-groups.ts'
import { verdictsOfRequest } from '../workspace/verdicts.ts'
import { requireAnalysis } from './analyses.ts'
import { FEATURES_VERSION } from './features.ts'
import type { FormedGroup } from './group-maps.ts'
import type { QueueGrouping } from './groupings.ts'

/** @throws HeatproofError `not_found` */
export function requireGroup({ groups }: Pick<QueueGrouping, 'groups'>, index: number): FormedGroup {
  const group = groups[index]
  if (group !== undefined) return group
  throw new HeatproofError('not_found', {
    found: `no group ${index + 1}`,
    expected: `a group from 1 to ${groups.length}`,
    advice: 'Go back to the groups and choose one.',
  })
}

/** Those of the maps that the reviewer has not decided, in their order. */
export function undecidedOf(columns: MapColumns, reviewer: string, mapIds: readonly number[]): number[] {
  const verdicts = columns.reviewers.find((column) => column.reviewer === reviewer)?.verdicts
  return mapIds.filter((mapId) => (verdicts?.[rowOfMap(columns, mapId)] ?? 0) === 0)
}

/**
 * One verdict on all maps of a group that the reviewer has not decided, but for those left out; stored with the group and what
 * of it was looked at. A request that was stored before is only answered again.
 *
 * @throws HeatproofError `not_found` without such a group or analysis, `conflict` where maps are gone, `bad_argument` where none is left to decide, or where maps that were
 *   looked at or left out are not of the group; and what `decide` throws
 */
export function decideGroup(
  database: Database,
  columns: MapColumns,
  grouping: QueueGrouping,
  input: z.output<typeof GroupVerdictInput>,
): VerdictRow[] {
  const { requestId, queueId, analysisId, seed, index, reviewer, verdict, modes, note, blind } = input
  const stored = requestId === null ? [] : verdictsOfRequest(database, reviewer, requestId)
  if (stored.length > 0) return stored
  if (analysisId !== null) requireAnalysis(database, analysisId)
  requireUnchanged(columns, grouping, input.maps)
  const group = requireGroup(grouping, index)
  const [lookedAt, leftOut] = [input.lookedAt, input.leftOut].map((ids) => [...new Set(ids)])
  requireMembers(group, [...(lookedAt ?? []), ...(leftOut ?? [])])
  const isLeftOut = new Set(leftOut)
  const mapIds = undecidedOf(columns, reviewer, group.mapIds).filter((mapId) => !isLeftOut.has(mapId))
  if (mapIds.length === 0) throw nothingToDecide()
  const decision = { requestId, reviewer, mapIds, verdict, modes, note, box: null, queueId, blind }
  return decide(database, decision, () =>
    insertVerdictGroup(database, {
      ...{ queueId, analysisId, groups: grouping.asked, seed, index, size: group.mapIds.length },
      featuresVersion: FEATURES_VERSION,
      lookedAt: lookedAt ?? [],
      leftOut: leftOut ?? [],
    }),
  )
}

/** Deleting a run takes its maps out of the columns before the first of them goes. */
function requireUnchanged(columns: MapColumns, { maps, groups }: QueueGrouping, shown: number): void {
  const left = groups.flatMap(({ mapIds }) => mapIds).filter((mapId) => rowOfMap(columns, mapId) >= 0).length
  if (left === maps && maps === shown) return
  throw new HeatproofError('conflict', {
    found: `groups of ${formatCount(left)} maps`,
    expected: `the groups of ${formatCount(shown)} maps that were shown`,
    advice: 'Maps have come in or were deleted meanwhile. Look at the groups again; nothing was decided.',
  })
}

function requireMembers({ mapIds }: FormedGroup, named: readonly number[]): void {
  const members = new Set(mapIds)
  const stranger = named.find((mapId) => !members.has(mapId))
  if (stranger === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `map ${stranger}, which is not of this group`,
    expected: 'maps of the group',
    advice: 'Open the group again and look at its maps.',
  })
}

function nothingToDecide(): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: 'a group of which no map is left to decide',
    expected: 'one undecided map or more',
    advice: 'Choose another group, or put a map back that was taken out.',
  })
}

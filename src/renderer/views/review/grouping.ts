import type { GroupingRequest, MapGroup } from '../../../shared/contract/groups.ts'
import type { Route } from '../../lib/routing.ts'

/** Numbers of groups that the screen offers; null: as many as suit the maps. */
export const GROUP_COUNTS = [null, 4, 6, 8, 12, 16, 24, 32, 48] as const

/** So many maps of a group are shown at first, and have to be looked at before a verdict on it. */
export const LOOKS = 12

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

/** What the address says of the groups of a queue. */
export function groupingOf({ parameters }: Route, queueId: number): GroupingRequest {
  const wanted = wholeNumber(parameters['groups'])
  return {
    queueId,
    groups: GROUP_COUNTS.find((count) => count === wanted) ?? null,
    seed: wholeNumber(parameters['seed']) ?? 0,
  }
}

/** Index of the group that the address opens, null where it opens none. */
export function openedGroup({ parameters }: Route): number | null {
  return wholeNumber(parameters['group'])
}

/** The ids with one more. */
export function including(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return new Set([...ids, id])
}

/** The ids with one more, or without it where it was there. */
export function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : including(ids, id)
}

/** The mean map of a group, rows x columns. */
export function meanMapOf({ meanMap }: Pick<MapGroup, 'meanMap'>): Float32Array {
  const bytes = Uint8Array.from(atob(meanMap), (character) => character.charCodeAt(0))
  return new Float32Array(bytes.buffer)
}

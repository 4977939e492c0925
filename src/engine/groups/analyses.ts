import type { Database } from 'better-sqlite3'
import type { GroupingSource } from '../../shared/contract/groups.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatCount } from '../../shared/units.ts'
import { pauser } from '../pauser.ts'
import { withheldFrom } from '../review/blind.ts'
import {
  countAnalysedMaps,
  findMapAnalysis,
  listMapAnalyses,
  readMapAnalysisRows,
  type MapAnalysis,
} from '../workspace/map-analyses.ts'

/** Maps whose rows are read or counted at once. */
const PAGE = 2000
/** Clusters that can be shown as groups. */
const MOST_CLUSTERS = 300

/** What an analysis says of maps, by their ids: the cluster of each, or its place. */
export type AnalysedMaps =
  | { kind: 'clustering'; clusters: ReadonlyMap<number, string> }
  | { kind: 'embedding'; places: ReadonlyMap<number, number[]> }

/** The analyses that have rows of these maps, in the order in which they came in; of the same name with their run. */
export async function sourcesOf(database: Database, mapIds: readonly number[]): Promise<GroupingSource[]> {
  const analyses = listMapAnalyses(database)
  if (analyses.length === 0) return []
  const maps = new Map<number, number>()
  const pause = pauser()
  for (let start = 0; start < mapIds.length; start += PAGE) {
    for (const [id, count] of countAnalysedMaps(database, mapIds.slice(start, start + PAGE)))
      maps.set(id, (maps.get(id) ?? 0) + count)
    await pause()
  }
  const found = analyses.filter(({ id }) => maps.has(id))
  return found.map(({ runId, ...analysis }) => {
    const { id, kind, name } = analysis
    const isOnly = found.every((other) => other.id === id || other.kind !== kind || other.name !== name)
    return { ...analysis, name: isOnly ? name : `${name} (run ${runId})`, maps: maps.get(id) ?? 0 }
  })
}

/** @throws HeatproofError `not_found`, also where its run was deleted */
export function requireAnalysis(database: Database, id: number): MapAnalysis {
  const analysis = findMapAnalysis(database, id)
  if (analysis !== undefined) return analysis
  throw new HeatproofError('not_found', {
    found: `no clustering or embedding ${id}`,
    expected: 'one that came in with maps of this workspace',
    advice: 'Choose another one under “Similar by”.',
  })
}

/**
 * Clusters and embeddings are of one method and model, so that they would tell what a blind queue hides.
 *
 * @throws HeatproofError `forbidden`
 */
export function requireMayGroup(database: Database, caller: Caller, mapIds: readonly number[]): void {
  if (withheldFrom(database, caller, mapIds).size === 0) return
  throw new HeatproofError('forbidden', {
    found: 'groups by an imported analysis of maps that a blind queue hides',
    expected: 'groups by what the maps look like',
    advice: 'Choose “our features” under “Similar by”, or decide the maps first.',
  })
}

/**
 * What an analysis says of these maps; those of which it says nothing are left out.
 *
 * @throws HeatproofError `bad_argument` for more clusters than can be shown; what the signal was aborted with
 */
export async function analysedMaps(
  database: Database,
  { id, kind, name }: MapAnalysis,
  mapIds: readonly number[],
  signal: AbortSignal,
): Promise<AnalysedMaps> {
  const clusters = new Map<number, string>()
  const places = new Map<number, number[]>()
  const pause = pauser()
  for (let start = 0; start < mapIds.length; start += PAGE) {
    for (const row of readMapAnalysisRows(database, id, mapIds.slice(start, start + PAGE))) {
      if ('place' in row) places.set(row.mapId, [...row.place])
      else clusters.set(row.mapId, row.cluster)
    }
    await pause()
    signal.throwIfAborted()
  }
  if (kind === 'embedding') return { kind, places }
  const different = new Set(clusters.values()).size
  if (different <= MOST_CLUSTERS) return { kind, clusters }
  throw new HeatproofError('bad_argument', {
    found: `${formatCount(different)} clusters of ${name} in this queue`,
    expected: `up to ${MOST_CLUSTERS}`,
    advice: 'Filter the queue, for example by class.',
  })
}

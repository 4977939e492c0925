import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { MapFilter } from '../../shared/contract/common.ts'
import { formatCount, plural } from '../../shared/units.ts'
import { matchingRows } from '../review/filter.ts'
import { rowOfMap, type MapColumns } from '../review/map-columns.ts'
import type { MapTable } from '../review/map-table.ts'
import {
  decidersOf,
  lastMapId,
  listExportRequests,
  mapsOfRun,
  type RunMap,
} from '../workspace/run-removal.ts'
import type { StoredRun } from '../workspace/runs.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'
import { verdictFactsAfter } from '../workspace/map-scans.ts'

/** Ids of maps looked at in one go: a few milliseconds. */
const WINDOW = 1000

/** The maps of a run, part by part; between two parts the engine answers others. */
export async function* eachPartOfRun(database: Database, runId: number): AsyncGenerator<RunMap[]> {
  const last = lastMapId(database)
  for (let after = 0; after < last; after += WINDOW) {
    yield mapsOfRun(database, runId, { after, last: Math.min(last, after + WINDOW) })
    await setImmediate()
  }
}

/** Why a run cannot be deleted. */
export interface Refusal {
  found: string
  expected: string
  advice: string
}

export interface Removal {
  /** Maps that would go, by ascending id, and the pixels of all of them. */
  mapIds: number[]
  pixels: number
  /** Maps that stay since another run needs them. */
  needed: number
  refusal: Refusal | null
}

/** What deleting a run would take away, and what is in its way at this moment. */
export async function removalOf(database: Database, table: MapTable, run: StoredRun): Promise<Removal> {
  const lastVerdict = lastVerdictId(database)
  const going: RunMap[] = []
  const decided = new Map<number, string[]>()
  let needed = 0
  for await (const part of eachPartOfRun(database, run.id)) {
    const goingNow = part.filter((map) => !map.needed)
    needed += part.length - goingNow.length
    for (const map of goingNow) going.push(map)
    const ids = goingNow.map(({ id }) => id)
    for (const { mapId, reviewer } of decidersOf(database, ids)) {
      decided.set(mapId, [...(decided.get(mapId) ?? []), reviewer])
    }
  }
  const columns = await table.ready()
  const ids = new Set(going.map(({ id }) => id))
  for (const [mapId, reviewer] of verdictFactsAfter(database, lastVerdict)) {
    if (ids.has(mapId)) decided.set(mapId, [...(decided.get(mapId) ?? []), reviewer])
  }
  return {
    mapIds: [...ids],
    pixels: going.reduce((sum, { pixels }) => sum + pixels, 0),
    needed,
    refusal:
      refusalByVerdicts(run, going.length, decided) ??
      refusalByExports(run, going.length, exportedOf(database, columns, going)),
  }
}

function refusalByVerdicts(
  { id }: StoredRun,
  maps: number,
  decided: ReadonlyMap<number, string[]>,
): Refusal | null {
  if (decided.size === 0) return null
  const names = [...new Set([...decided.values()].flat())].sort()
  const who = names.length > 3 ? plural(names.length, 'reviewer') : names.join(', ')
  const carry = decided.size === 1 ? 'carries' : 'carry'
  return {
    found: `run ${id}: ${formatCount(decided.size)} of its ${plural(maps, 'map')} ${carry} verdicts of ${who}`,
    expected: 'a run whose maps nobody has decided; a verdict that was taken back counts too',
    advice: 'Keep the run: its verdicts would lose what they speak of.',
  }
}

function refusalByExports({ id }: StoredRun, maps: number, exported: number): Refusal | null {
  if (exported === 0) return null
  return {
    found: `run ${id}: ${formatCount(exported)} of its ${plural(maps, 'map')} may be in an export`,
    expected: 'a run whose maps were never exported',
    advice: 'Keep the run: the export names its maps.',
  }
}

/**
 * How many of these maps an export may hold. Exports keep what was asked for, not which maps it gave: those count that were there
 * and match what never changes of a map. Of exports of decided maps alone nothing is counted, since verdicts stay.
 */
function exportedOf(database: Database, columns: MapColumns, maps: readonly RunMap[]): number {
  const exported = new Set<number>()
  for (const { request, createdAt } of listExportRequests(database)) {
    if (request.include !== 'any') continue
    const isMatching = new Uint8Array(columns.count)
    for (const row of matchingRows(columns, factsOf(request.filter))) isMatching[row] = 1
    for (const map of maps) {
      if (map.createdAt <= createdAt && isMatching[rowOfMap(columns, map.id)] === 1) exported.add(map.id)
    }
  }
  return exported.size
}

function factsOf(filter: MapFilter): MapFilter {
  const { verdict: _v, mode: _m, reviewer: _r, ranges: _n, search: _s, ...facts } = filter
  return facts
}

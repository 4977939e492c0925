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
import type { StoredSampleSet } from '../workspace/samples.ts'
import { mapsOfSet } from '../workspace/set-removal.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'
import { verdictFactsAfter } from '../workspace/map-scans.ts'

/** Ids of maps looked at in one go: a few milliseconds. */
const WINDOW = 1000

/** Maps, part by part; between two parts the engine answers others. */
async function* eachPart(
  database: Database,
  mapsIn: (window: { after: number; last: number }) => RunMap[],
): AsyncGenerator<RunMap[]> {
  const last = lastMapId(database)
  for (let after = 0; after < last; after += WINDOW) {
    yield mapsIn({ after, last: Math.min(last, after + WINDOW) })
    await setImmediate()
  }
}

/** The maps of a run, part by part. */
export function eachPartOfRun(database: Database, runId: number): AsyncGenerator<RunMap[]> {
  return eachPart(database, (window) => mapsOfRun(database, runId, window))
}

/** The maps of a set of samples, part by part. */
export function eachPartOfSet(database: Database, setId: number): AsyncGenerator<RunMap[]> {
  return eachPart(database, (window) => mapsOfSet(database, setId, window))
}

/** Why a run or set cannot be deleted. */
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

/** What is deleted, in messages: `run 3`, a `run`. */
interface Named {
  name: string
  kind: 'run' | 'set'
}

/** What deleting a run would take away, and what is in its way at this moment. */
export function removalOf(database: Database, table: MapTable, { id }: StoredRun): Promise<Removal> {
  return removalOfParts(database, table, eachPartOfRun(database, id), { name: `run ${id}`, kind: 'run' })
}

/** The same for a set of samples and all maps of them. */
export function removalOfSet(
  database: Database,
  table: MapTable,
  { id, name }: Pick<StoredSampleSet, 'id' | 'name'>,
): Promise<Removal> {
  return removalOfParts(database, table, eachPartOfSet(database, id), {
    name: `the set ${name}`,
    kind: 'set',
  })
}

async function removalOfParts(
  database: Database,
  table: MapTable,
  parts: AsyncIterable<RunMap[]>,
  named: Named,
): Promise<Removal> {
  const lastVerdict = lastVerdictId(database)
  const going: RunMap[] = []
  const decided = new Map<number, string[]>()
  let needed = 0
  for await (const part of parts) {
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
      refusalByVerdicts(named, going.length, decided) ??
      refusalByExports(named, going.length, exportedOf(database, columns, going)),
  }
}

function refusalByVerdicts(
  { name, kind }: Named,
  maps: number,
  decided: ReadonlyMap<number, string[]>,
): Refusal | null {
  if (decided.size === 0) return null
  const names = [...new Set([...decided.values()].flat())].sort()
  const who = names.length > 3 ? plural(names.length, 'reviewer') : names.join(', ')
  const carry = decided.size === 1 ? 'carries' : 'carry'
  return {
    found: `${name}: ${formatCount(decided.size)} of its ${plural(maps, 'map')} ${carry} verdicts of ${who}`,
    expected: `a ${kind} whose maps nobody has decided; a verdict that was taken back counts too`,
    advice: `Keep the ${kind}: its verdicts would lose what they speak of.`,
  }
}

function refusalByExports({ name, kind }: Named, maps: number, exported: number): Refusal | null {
  if (exported === 0) return null
  return {
    found: `${name}: ${formatCount(exported)} of its ${plural(maps, 'map')} may be in an export`,
    expected: `a ${kind} whose maps were never exported`,
    advice: `Keep the ${kind}: the export names its maps.`,
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

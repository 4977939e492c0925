import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { Box } from '../../../shared/contract/common.ts'
import { plural } from '../../../shared/units.ts'
import { listMapIdentities, mapBytesAfter, type MapIdentity } from '../../workspace/map-identities.ts'
import { sha256 } from '../sha256.ts'
import type { ReadVerdict } from './verdict-rows.ts'

/** Maps that are hashed before others get a turn. */
const HASHED_AT_ONCE = 200

/** The maps whose float32 bytes have one of the hashes that the verdicts name. */
export type MapsByHash = ReadonlyMap<string, readonly number[]>

/** Hashes the maps of the workspace, where a verdict names its map by hash alone. */
export async function mapsByHash(database: Database, verdicts: readonly ReadVerdict[]): Promise<MapsByHash> {
  const wanted = new Set(
    verdicts.flatMap(({ map_id, sha256: hash }) =>
      map_id === undefined && hash !== undefined ? [hash] : [],
    ),
  )
  const found = new Map<string, number[]>()
  if (wanted.size === 0) return found
  for (let after = 0; ;) {
    const page = mapBytesAfter(database, after, HASHED_AT_ONCE)
    for (const { mapId, bytes } of page) {
      const hash = sha256(bytes)
      if (wanted.has(hash)) found.set(hash, [...(found.get(hash) ?? []), mapId])
    }
    const last = page.at(-1)
    if (last === undefined) return found
    after = last.mapId
    await setImmediate()
  }
}

/** The map that a verdict is about, or why there is none. */
export type FoundMap = { map: MapIdentity } | { problem: string }

/** How the maps of verdicts are found: by number, by hash, or by sample, model and method. */
export function mapFinder(
  database: Database,
  verdicts: readonly ReadVerdict[],
  byHash: MapsByHash,
): (verdict: ReadVerdict) => FoundMap {
  const areKnown = verdicts.every(({ map_id, sha256: hash }) => map_id !== undefined || hash !== undefined)
  const ids = new Set([...verdicts.flatMap(({ map_id }) => map_id ?? []), ...[...byHash.values()].flat()])
  const maps = listMapIdentities(database, areKnown ? [...ids] : null)
  const byId = new Map(maps.map((map) => [map.mapId, map]))
  const byContent = areKnown ? new Map<string, MapIdentity[]>() : mapsByContent(maps)
  return (verdict) => {
    const { map_id: mapId, sha256: hash, model, method } = verdict
    if (mapId !== undefined) return onlyOne(verdict, `map ${mapId}`, known(byId, [mapId]))
    if (hash !== undefined)
      return onlyOne(verdict, `map of SHA-256 ${hash}`, known(byId, byHash.get(hash) ?? []))
    const [content] = contentKeys(verdict)
    if (content === undefined || model === undefined || method === undefined) {
      const said = 'a map_id, a sha256, or a sample with model and method'
      return { problem: `it names no map: ${said} is expected` }
    }
    return onlyOne(verdict, `map of ${describe(verdict)}`, byContent.get(content) ?? [])
  }
}

function mapsByContent(maps: readonly MapIdentity[]): Map<string, MapIdentity[]> {
  const found = new Map<string, MapIdentity[]>()
  for (const map of maps) {
    for (const key of contentKeys(namesOf(map))) {
      const others = found.get(key)
      if (others === undefined) found.set(key, [map])
      else others.push(map)
    }
  }
  return found
}

/** One for each way in which a sample is named, together with model and method. */
function contentKeys({ sample, sample_id, sample_set, sample_position, model, method }: Names): string[] {
  const isPlaced = sample_set !== undefined && sample_position !== undefined
  return [
    ...(sample_id === undefined ? [] : [['id', sample_id]]),
    ...(isPlaced ? [['place', sample_set, sample_position]] : []),
    ...(sample === undefined ? [] : [['name', sample]]),
  ].map((names) => JSON.stringify([...names, model, method]))
}

function known(byId: ReadonlyMap<number, MapIdentity>, ids: readonly number[]): MapIdentity[] {
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** A map that the verdict names otherwise than it is in this workspace is another one: numbers differ between workspaces. */
function onlyOne(verdict: ReadVerdict, what: string, candidates: readonly MapIdentity[]): FoundMap {
  const [first] = candidates
  if (first === undefined) return { problem: `no ${what} in this workspace` }
  const fitting = candidates.filter((map) => fits(verdict, map))
  const [map, ...others] = fitting
  if (map === undefined) {
    return candidates.length === 1
      ? { problem: `${what} is ${describe(namesOf(first))} here, not ${describe(verdict)}` }
      : { problem: `no ${what} in this workspace` }
  }
  if (others.length === 0) return { map }
  const list = fitting.slice(0, 3).map(({ mapId }) => mapId)
  return {
    problem: `${what} is one of ${plural(fitting.length, 'map')} (${list.join(', ')} …): name its map_id`,
  }
}

type Names = Pick<ReadVerdict, 'sample' | 'sample_id' | 'sample_set' | 'sample_position' | 'model' | 'method'>

function namesOf(map: MapIdentity): Names {
  return {
    ...(map.sample !== null && { sample: map.sample }),
    ...{ sample_id: map.sampleId, sample_set: map.sampleSet, sample_position: map.samplePosition },
    ...{ model: map.model, method: map.method },
  }
}

function fits(verdict: Names, map: MapIdentity): boolean {
  const names = namesOf(map)
  return NAMES.every((name) => verdict[name] === undefined || verdict[name] === names[name])
}

const NAMES = ['sample', 'sample_id', 'sample_set', 'sample_position', 'model', 'method'] as const

function describe(names: Names): string {
  return NAMES.flatMap((name) =>
    names[name] === undefined ? [] : [`${name.replace('_', ' ')} ${names[name]}`],
  ).join(', ')
}

/** The box of a verdict in pixels of its map; undefined where it is not inside of it. */
export function boxOnMap(
  { box }: Pick<ReadVerdict, 'box'>,
  { rows, columns }: MapIdentity,
): Box | null | undefined {
  if (box === undefined) return null
  const pixels = 'left' in box ? pixelsOf(box, rows, columns) : box
  const { row, column, height, width } = pixels
  const isInside =
    row >= 0 && column >= 0 && height > 0 && width > 0 && row + height <= rows && column + width <= columns
  return isInside ? { row, column, height, width } : undefined
}

function pixelsOf(
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  rows: number,
  columns: number,
): Box {
  const [row, column] = [Math.round(top * rows), Math.round(left * columns)]
  return {
    ...{ row, column },
    height: Math.round((top + height) * rows) - row,
    width: Math.round((left + width) * columns) - column,
  }
}

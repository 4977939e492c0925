import type { Database } from 'better-sqlite3'
import type { PlacedMaps } from '../../shared/contract/groups.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { sampleOf } from '../review/queue.ts'
import type { MapAnalysis } from '../workspace/map-analyses.ts'
import { analysedMaps } from './analyses.ts'
import type { Grouping } from './group-maps.ts'

/** Points that are drawn; of more maps, so many drawn at random. */
const MOST_POINTS = 5000

/**
 * Where the maps of groups lie in the first two dimensions of an embedding.
 *
 * @throws HeatproofError `bad_argument` for what has no two dimensions
 */
export async function placedMaps(
  database: Database,
  { groups }: Pick<Grouping, 'groups'>,
  embedding: MapAnalysis,
  seed: number,
): Promise<PlacedMaps> {
  if (embedding.dimensions < 2) {
    throw new HeatproofError('bad_argument', {
      found: `${embedding.name}, which has one dimension`,
      expected: 'an embedding of two dimensions or more',
      advice: 'Choose another one.',
    })
  }
  const members = groups.flatMap(({ mapIds }, group) => mapIds.map((mapId) => ({ mapId, group })))
  const signal = new AbortController().signal
  const analysed = await analysedMaps(
    database,
    embedding,
    members.map(({ mapId }) => mapId),
    signal,
  )
  const places = analysed.kind === 'embedding' ? analysed.places : new Map<number, number[]>()
  const placed = members.flatMap(({ mapId, group }) => {
    const [x, y] = places.get(mapId) ?? []
    return x === undefined || y === undefined ? [] : [{ x, y, group }]
  })
  const rows = Uint32Array.from(placed.keys())
  const drawn = sampleOf(rows, Math.min(rows.length, MOST_POINTS), seed, 'places')
  return { placed: placed.length, points: [...drawn].flatMap((row) => placed[row] ?? []) }
}

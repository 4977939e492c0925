import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { StoredShares } from '../metrics/score.ts'
import { float64FromBlob, toBlob } from './blobs.ts'
import { pixelScoresFromBlob, pixelScoresToBlob } from './pixel-scores.ts'
import { prepared } from './statements.ts'

const Marks = z.array(z.union([z.literal(0), z.literal(1)]))

/** Marks of a sample's regions, left to right. */
export function marksOf(database: Database, sampleId: number): (0 | 1)[] {
  const statement = prepared(
    database,
    'SELECT mark FROM regions WHERE sample_id = @sampleId ORDER BY position',
  )
  return Marks.parse(statement.pluck().all({ sampleId }))
}

/** Replaces the stored shares of a map, and its scores by pixel. */
export function replaceShares(
  database: Database,
  mapId: number,
  { shares, sharesPositive, pixelScores }: StoredShares,
): void {
  prepared(
    database,
    `UPDATE maps SET shares = @shares, shares_positive = @sharesPositive, pixel_scores = @pixelScores
     WHERE id = @mapId`,
  ).run({
    mapId,
    shares: toBlob(Float64Array.from(shares)),
    sharesPositive: toBlob(Float64Array.from(sharesPositive)),
    pixelScores: pixelScoresToBlob(pixelScores),
  })
}

export interface MapShares extends StoredShares {
  id: number
  sampleId: number
}

type SharesRow = readonly [
  id: number,
  sampleId: number,
  shares: Uint8Array,
  sharesPositive: Uint8Array,
  pixelScores: Uint8Array | null,
]

/** STRICT tables guarantee the types; checking a hundred thousand rows would take longer than reading them. */
function toShares([id, sampleId, shares, sharesPositive, pixelScores]: SharesRow): MapShares {
  return {
    id,
    sampleId,
    shares: [...float64FromBlob(shares)],
    sharesPositive: [...float64FromBlob(sharesPositive)],
    pixelScores: pixelScoresFromBlob(pixelScores),
  }
}

const PAGE = 5000

/** Shares of all maps by ascending id, read in pages so that the loop may write. */
export function* eachMapShares(database: Database): Generator<MapShares> {
  const statement = prepared(
    database,
    `SELECT id, sample_id, shares, shares_positive, pixel_scores FROM maps WHERE id > @after ORDER BY id LIMIT ${PAGE}`,
  ).raw()
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: MapShares[] = (statement.all({ after }) as SharesRow[]).map(toShares)
    yield* page
    after = page.at(-1)?.id
  }
}

/** Shares of the maps with these ids, in their order. */
export function listMapShares(database: Database, ids: readonly number[]): MapShares[] {
  const statement = prepared(
    database,
    `SELECT maps.id, sample_id, shares, shares_positive, pixel_scores
     FROM json_each(@ids) AS wanted JOIN maps ON maps.id = wanted.value ORDER BY wanted.key`,
  ).raw()
  return (statement.all({ ids: JSON.stringify(ids) }) as SharesRow[]).map(toShares)
}

import { kmeans } from 'ml-kmeans'

const MOST_ITERATIONS = 50

export interface ClusterRequest {
  /** One row a map, all of one length. */
  features: number[][]
  /** Centres to find, at least 1. */
  groups: number
  seed: number
}

/**
 * Centres of `groups` clusters by k-means from a seeded k-means++ start; fewer where fewer rows differ. The same request gives
 * the same centres.
 */
export function findCentres({ features, groups, seed }: ClusterRequest): number[][] {
  const different = differentRows(features, groups + 1)
  if (different.length <= groups) return different
  return kmeans(features, groups, { seed, initialization: 'kmeans++', maxIterations: MOST_ITERATIONS })
    .centroids
}

/** The rows that differ from those before them, at most `limit`. */
function differentRows(rows: readonly number[][], limit: number): number[][] {
  const known = new Map<string, number[]>()
  for (const row of rows) {
    known.set(row.join(), row)
    if (known.size >= limit) break
  }
  return [...known.values()]
}

/** Index of the nearest centre by Euclidean distance; of equally near ones the first. */
export function nearestCentre(centres: readonly (readonly number[])[], row: readonly number[]): number {
  let nearest = 0
  let least = Infinity
  for (const [index, centre] of centres.entries()) {
    let distance = 0
    for (let place = 0; place < row.length; place += 1) {
      const apart = (row[place] ?? 0) - (centre[place] ?? 0)
      distance += apart * apart
    }
    if (distance < least) [nearest, least] = [index, distance]
  }
  return nearest
}

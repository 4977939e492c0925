import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { selectAll } from './statements.ts'

const SizesRow = z.object({
  rows: z.int(),
  columns: z.int(),
  channels: z.int(),
  count: z.int(),
  largestLabel: z.int(),
})
export type SampleSizes = z.infer<typeof SizesRow>

/**
 * The sizes of the inputs among the first so many positions of a set, with how many have each and their largest label. No input
 * is read: the channels follow from its length, since their column stands behind it.
 */
export function sizesOfSamples(database: Database, sampleSetId: number, first: number): SampleSizes[] {
  return selectAll(
    database,
    SizesRow,
    `SELECT rows, "columns", length(input) / (4 * rows * "columns") AS channels, count(*) AS count, max(label) AS largestLabel
     FROM samples WHERE sample_set_id = @sampleSetId AND position < @first
     GROUP BY 1, 2, 3 ORDER BY count(*) DESC`,
    { sampleSetId, first },
  )
}

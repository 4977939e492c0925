import type { Database } from 'better-sqlite3'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { Region, type Box } from '../../shared/contract/common.ts'
import { Blob, Flag } from './blobs.ts'
import { prepared, selectAll } from './statements.ts'

/** A region with the pixels of its box that belong to it, where these are not all. */
export interface StoredRegion extends Region {
  mask?: Uint8Array | undefined
  filled?: boolean | undefined
}

/** Adds the regions of a new sample, left to right. */
export function insertRegions(database: Database, sampleId: number, regions: readonly StoredRegion[]): void {
  const region = prepared(
    database,
    `INSERT INTO regions (sample_id, position, name, box_row, box_column, box_height, box_width, mark, label, filled,
       mask)
     VALUES (@sampleId, @index, @name, @row, @column, @height, @width, @mark, @label, @filled, @mask)`,
  )
  regions.forEach(({ name, box, mark, label, filled = false, mask }, index) =>
    region.run({
      ...{ sampleId, index, name, ...box, mark, label, filled: Number(filled) },
      mask: mask === undefined ? null : deflateRawSync(mask),
    }),
  )
}

const RegionRow = z
  .object({
    name: z.string(),
    row: z.int(),
    column: z.int(),
    height: z.int(),
    width: z.int(),
    mark: Region.shape.mark,
    label: z.int().nullable(),
    filled: Flag,
    mask: Blob.nullable(),
  })
  .transform(({ name, mark, label, filled, mask, ...box }): StoredRegion => ({
    ...{ name, box, mark, label },
    ...(filled && { filled }),
    ...(mask !== null && { mask: inflateMask(mask, box) }),
  }))

/** @throws Error for a damaged mask, and for one that would unpack to more than its box */
function inflateMask(mask: Uint8Array, { height, width }: Box): Uint8Array {
  const pixels = inflateRawSync(mask, { maxOutputLength: height * width })
  if (pixels.length !== height * width) throw new Error('a mask that does not fit its box')
  return new Uint8Array(pixels)
}

/** Regions without their pixels, as pages get them. */
export function framesOf(regions: readonly StoredRegion[]): Region[] {
  return regions.map(({ name, box, mark, label }) => ({ name, box, mark, label }))
}

/** Regions of a sample, left to right. */
export function regionsOf(database: Database, sampleId: number): StoredRegion[] {
  return selectAll(
    database,
    RegionRow,
    `SELECT name, box_row AS "row", box_column AS "column", box_height AS height, box_width AS width, mark, label,
       filled, mask
     FROM regions WHERE sample_id = @sampleId ORDER BY position`,
    { sampleId },
  )
}

import { forEachPixel, type MapRegion } from './regions.ts'

/** A pixel belongs to a stroke from this grey value on, of 0 to 255. */
const GREY = 64
/** The same where pixels are scaled to [-1, 1]. */
const THRESHOLD = (2 * GREY) / 255 - 1
/** What scaling in float32 may take from a pixel of that grey; the next darker grey is 8e-3 away. */
const ROUNDING = 1e-6

/** What strokes are found in. */
export interface StrokeFrame {
  /** [rows, columns] in [-1, 1]; with more channels, regions must be filled. */
  input: Float32Array | Float64Array
  rows: number
  columns: number
}

/**
 * The strokes of the majority items: 1 for each pixel of a region with mark 1 whose raw value is at least 64 of 255, and for
 * every pixel of such a region that is filled, else 0. Map metrics are measured against them.
 */
export function strokeMask({ input, rows, columns }: StrokeFrame, regions: readonly MapRegion[]): Uint8Array {
  const strokes = new Uint8Array(rows * columns)
  for (const region of regions) {
    if (region.mark === 0) continue
    forEachPixel(region, columns, (pixel) => {
      if (region.filled === true || (input[pixel] ?? -1) >= THRESHOLD - ROUNDING) strokes[pixel] = 1
    })
  }
  return strokes
}

/** Pixels of the mask that are strokes. */
export function countStrokes(strokes: Uint8Array): number {
  let count = 0
  for (const stroke of strokes) count += stroke
  return count
}

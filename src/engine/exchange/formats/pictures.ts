import type { StoredSample } from '../../workspace/samples.ts'
import type { SetContext } from '../audited-set-context.ts'
import { imageFile } from '../audited-set-layout.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import { drawMap, enlargement } from '../audited-set-maps.ts'
import type { Size } from '../../workspace/export-scans.ts'
import { encodePng } from '../png.ts'
import { selectedOf } from './rows.ts'

/** A picture of an export and how large it is drawn. */
export interface DrawnPicture {
  path: string
  width: number
  height: number
  /** Pixels of the picture, along each side, for one of the sample: boxes are that much larger. */
  scale: number
}

/** Draws an input in a file, as large as maps are drawn. */
export async function writeInput(
  { folder }: SetContext,
  path: string,
  sample: StoredSample,
): Promise<DrawnPicture> {
  const scale = enlargement(sample)
  await folder.write(path, drawInput(sample, scale))
  return { path, width: sample.columns * scale, height: sample.rows * scale, scale }
}

/** An input as PNG: grey from -1 (black) to 1 (white), or in colour where it has three channels. */
export function drawInput(sample: StoredSample, scale: number): Uint8Array {
  const channels = sample.channels === 3 ? 3 : 1
  const picture = enlarged(sample, channels, scale, (pixel, channel) =>
    brightness(sample.input[pixel * sample.channels + channel] ?? -1),
  )
  return encodePng({ ...picture, channels })
}

function brightness(value: number): number {
  return Math.min(255, Math.max(0, Math.round((value + 1) * 127.5)))
}

/** Draws a map in the colours of the review screen, in the file of its model and method. */
export async function writeMapPicture(context: SetContext, row: MapRow): Promise<DrawnPicture> {
  const size = sizeOf(context, row)
  const path = imageFile(selectedOf(row), context)
  await context.folder.write(path, drawMap(row.values(), size, row.map.method))
  const scale = enlargement(size)
  return { path, width: size.columns * scale, height: size.rows * scale, scale }
}

/** Rows and columns of a map. */
export function sizeOf({ sizes }: SetContext, { map }: MapRow): Size {
  return sizes.get(map.sampleId) ?? { rows: 0, columns: 0 }
}

/**
 * Paints an array in larger pixels.
 *
 * @param scale how many, along each side, for one of the array
 * @param paint the value, 0 to 255, of a pixel's channel; pixels are counted row by row
 */
export function enlarged(
  size: Size,
  channels: 1 | 3,
  scale: number,
  paint: (pixel: number, channel: number) => number,
): { width: number; height: number; data: Uint8Array } {
  const [width, height] = [size.columns * scale, size.rows * scale]
  const data = new Uint8Array(width * height * channels)
  const line = width * channels
  for (let y = 0; y < height; y += scale) {
    for (let x = 0; x < width; x += 1) {
      const pixel = (y / scale) * size.columns + Math.floor(x / scale)
      for (let channel = 0; channel < channels; channel += 1)
        data[y * line + x * channels + channel] = paint(pixel, channel)
    }
    for (let copy = 1; copy < scale; copy += 1) data.copyWithin((y + copy) * line, y * line, (y + 1) * line)
  }
  return { width, height, data }
}

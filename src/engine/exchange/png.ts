import { PNG } from 'pngjs'
import { HeatproofError } from '../../shared/errors.ts'

/** 8 bits a channel, row by row; grey has one byte a pixel, RGB three. */
export interface Picture {
  width: number
  height: number
  channels: 1 | 3
  /** `height * width * channels` values 0 to 255. */
  data: Uint8Array
}

const GREY = 0
const RGB = 2

/**
 * Encodes a grey or RGB picture as PNG, without time or text: the same picture gives the same bytes.
 *
 * @throws HeatproofError `bad_argument` where the data do not fit the size
 */
export function encodePng({ width, height, channels, data }: Picture): Uint8Array {
  if (!(width > 0 && height > 0) || data.length !== width * height * channels) {
    throw new HeatproofError('bad_argument', {
      found: `${data.length} values for a picture of ${width} x ${height} pixels with ${channels} channels`,
      expected: `${width * height * channels} values and at least one pixel`,
      advice: 'Give width, height and channels of the data.',
    })
  }
  const colorType = channels === 1 ? GREY : RGB
  const png = new PNG({ width, height })
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: false, bitDepth: 8 })
}

import { COLOUR_COUNT, DIVERGING, SEQUENTIAL } from '../../shared/colour-maps.ts'
import { encodePng } from './png.ts'

export interface MapImage {
  /** rows x columns, row by row. */
  values: Float32Array
  rows: number
  columns: number
  /** Whether the method can give negative relevance. */
  signed: boolean
  /** Pixels of the picture, along each side, for one pixel of the map. */
  enlarge?: number
}

/**
 * Draws a relevance map as PNG on its own colour scale, as the review screen does without clipping: from 0 to the largest
 * value, or symmetric around 0 where the method is signed. A map of zeros has the colour of zero everywhere.
 */
export function renderMapImage({ values, rows, columns, signed, enlarge = 1 }: MapImage): Uint8Array {
  const high = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const table = signed ? DIVERGING : SEQUENTIAL
  const width = columns * enlarge
  const data = new Uint8Array(3 * width * rows * enlarge)
  for (let row = 0; row < rows; row += 1) {
    const line = 3 * width * row * enlarge
    for (let x = 0; x < width; x += 1) {
      const value = values[row * columns + Math.floor(x / enlarge)] ?? 0
      const colour = 3 * colourIndex(value, high, signed)
      for (let channel = 0; channel < 3; channel += 1) {
        data[line + 3 * x + channel] = table[colour + channel] ?? 0
      }
    }
    for (let copy = 1; copy < enlarge; copy += 1) {
      data.copyWithin(line + 3 * width * copy, line, line + 3 * width)
    }
  }
  return encodePng({ width, height: rows * enlarge, channels: 3, data })
}

/** Which colour of the table a value has when the largest size of a value is `high`. */
function colourIndex(value: number, high: number, signed: boolean): number {
  const part = high === 0 ? 0 : value / high
  const position = signed ? (part + 1) / 2 : part
  return Math.min(COLOUR_COUNT - 1, Math.max(0, Math.round(position * (COLOUR_COUNT - 1))))
}

import { COLOUR_COUNT, DIVERGING, SEQUENTIAL } from '../../shared/colour-maps.ts'
import { smallest } from './smallest.ts'

/** Which values get the ends of the colour table. Signed maps are symmetric around 0. */
export interface ColourScale {
  low: number
  high: number
  signed: boolean
  /** Share of the pixels, by absolute value, that the scale covers; 1 shows the whole range. */
  covered: number
  /** Pixels beyond the scale, drawn in its end colours. */
  clipped: number
  /** How many maps share the scale; absent: it is the map's own. */
  sharedBy?: number
}

export const CLIPS = [1, 0.995, 0.99, 0.95] as const

/**
 * The scale of one map. `covered` is the quantile of the absolute values at which the scale ends; where less than one colour
 * of the table would be left of the whole range, nothing is clipped: the few pixels beyond are all that there is to see.
 */
export function colourScale(values: Float32Array, signed: boolean, covered = 1): ColourScale {
  const sizes = values.map(Math.abs)
  const last = Math.max(0, sizes.length - 1)
  const whole = sizes.reduce((most, size) => Math.max(most, size), 0)
  const limit = covered === 1 ? whole : smallest(sizes, Math.min(last, Math.ceil(covered * last)))
  const high = limit * COLOUR_COUNT > whole ? limit : whole
  let clipped = 0
  for (const size of sizes) if (size > high) clipped++
  return { low: signed ? -high : 0, high, signed, covered, clipped }
}

/** The scale of one map among `maps` that share it up to `limit`. */
export function sharedScale(
  values: Float32Array,
  signed: boolean,
  { limit, maps, covered }: { limit: number; maps: number; covered: number },
): ColourScale {
  let clipped = 0
  for (const value of values) if (Math.abs(value) > limit) clipped++
  return { low: signed ? -limit : 0, high: limit, signed, covered, clipped, sharedBy: maps }
}

function tableOf(scale: ColourScale): Uint8Array {
  return scale.signed ? DIVERGING : SEQUENTIAL
}

/** Index into the colour table; a map of zeros lies at the colour of zero. */
function colourIndex(value: number, { low, high, signed }: ColourScale): number {
  const span = high - low
  if (span <= 0) return signed ? COLOUR_COUNT >> 1 : 0
  const index = Math.round(((value - low) / span) * (COLOUR_COUNT - 1))
  return index < 0 ? 0 : index >= COLOUR_COUNT ? COLOUR_COUNT - 1 : index
}

/** Relevance in colour. `pixels` are red, green, blue, opacity, as in ImageData. */
export function paintMap(values: Float32Array, scale: ColourScale, pixels: Uint8ClampedArray): void {
  const table = tableOf(scale)
  for (let index = 0; index < values.length; index++) {
    const colour = 3 * colourIndex(values[index] ?? 0, scale)
    pixels[4 * index] = table[colour] ?? 0
    pixels[4 * index + 1] = table[colour + 1] ?? 0
    pixels[4 * index + 2] = table[colour + 2] ?? 0
    pixels[4 * index + 3] = 255
  }
}

/**
 * Inputs of [-1, 1]: grey, or in the colours of their channels.
 *
 * @param input one value a pixel, or red, green and blue; a fourth channel, or a second beside grey, is left out
 */
export function paintInput(input: Float32Array, pixels: Uint8ClampedArray): void {
  const channels = (4 * input.length) / pixels.length
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2]
  for (let index = 0; 4 * index < pixels.length; index++) {
    const first = index * channels
    pixels[4 * index] = 127.5 * ((input[first] ?? -1) + 1)
    pixels[4 * index + 1] = 127.5 * ((input[first + green] ?? -1) + 1)
    pixels[4 * index + 2] = 127.5 * ((input[first + blue] ?? -1) + 1)
    pixels[4 * index + 3] = 255
  }
}

/** How bright a pixel is, from -1 to 1: its value, or that of its colours as the eye weighs them (Rec. 709). */
function brightness(input: Float32Array, index: number, channels: number): number {
  const first = index * channels
  const value = input[first] ?? -1
  if (channels < 3) return value
  return 0.2126 * value + 0.7152 * (input[first + 1] ?? -1) + 0.0722 * (input[first + 2] ?? -1)
}

/** Relevance over the dimmed input: the larger its size on the scale, the more of its colour, up to `opacity`. */
export function paintOverlay(
  values: Float32Array,
  input: Float32Array,
  scale: ColourScale,
  opacity: number,
  pixels: Uint8ClampedArray,
): void {
  const table = tableOf(scale)
  const channels = input.length / values.length
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    const size = scale.high > 0 ? Math.min(1, Math.abs(value) / scale.high) : 0
    const part = opacity * Math.sqrt(size)
    const grey = 89 * (brightness(input, index, channels) + 1) * (1 - part)
    const colour = 3 * colourIndex(value, scale)
    pixels[4 * index] = grey + part * (table[colour] ?? 0)
    pixels[4 * index + 1] = grey + part * (table[colour + 1] ?? 0)
    pixels[4 * index + 2] = grey + part * (table[colour + 2] ?? 0)
    pixels[4 * index + 3] = 255
  }
}

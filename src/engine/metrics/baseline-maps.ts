import { randomMap } from './random-map.ts'

/** Maps that know nothing of the model, for one sample. */
export interface BaselineMaps {
  /** 1 everywhere. */
  uniform: Float32Array
  /** Seeded noise, the map that the method `random` gives for this sample. */
  random: Float32Array
}

/** Maps that see the input but not the model. */
export interface InputBaselineMaps {
  /** The input itself as brightness in [0, 1], `(x + 1) / 2`. */
  input: Float32Array
  /** An edge filter: the length of the input's gradient. */
  edges: Float32Array
}

export function baselineMaps(pixels: number, seed: number, sampleIndex: number): BaselineMaps {
  return { uniform: new Float32Array(pixels).fill(1), random: randomMap(pixels, seed, sampleIndex) }
}

/** @param input [rows, columns] in [-1, 1] */
export function inputBaselineMaps(input: Float32Array, columns: number): InputBaselineMaps {
  return { input: input.map((pixel) => (pixel + 1) / 2), edges: edgeMap(input, columns) }
}

/**
 * Gradient magnitude `sqrt(dx^2 + dy^2)` by central differences, one-sided at the borders. Never negative.
 *
 * @param image [rows, columns]
 */
export function edgeMap(image: Float32Array, columns: number): Float32Array {
  const rows = image.length / columns
  return image.map((_, pixel) => {
    const row = Math.floor(pixel / columns)
    const column = pixel % columns
    const across = slope(column, columns, (at) => image[row * columns + at] ?? 0)
    const down = slope(row, rows, (at) => image[at * columns + column] ?? 0)
    return Math.hypot(across, down)
  })
}

/** Slope of `valueAt` over the neighbours of a position that exist. */
function slope(position: number, length: number, valueAt: (position: number) => number): number {
  const before = Math.max(position - 1, 0)
  const after = Math.min(position + 1, length - 1)
  return before === after ? 0 : (valueAt(after) - valueAt(before)) / (after - before)
}

import { float32, int32 } from '../../integration/imports/array-fixture.ts'

export const COUNT = 12
export const SIZE = { rows: 32, columns: 32, channels: 3 }

/** A disc of some colour on a gradient, in [0, 1]. */
function pictures(): Float32Array {
  const { rows, columns, channels } = SIZE
  return Float32Array.from({ length: COUNT * rows * columns * channels }, (_, at) => {
    const channel = at % channels
    const column = Math.floor(at / channels) % columns
    const row = Math.floor(at / channels / columns) % rows
    const image = Math.floor(at / channels / columns / rows)
    const isDisc = Math.hypot(row - 12 - (image % 5), column - 10 - image) < 7
    if (isDisc) return channel === image % 3 ? 0.95 : 0.2
    return 0.2 + (0.5 * (channel === 2 ? row : column)) / rows
  })
}

/** Arrays of images without maps: discs of three colours, their classes, and one region that holds them. */
export function discFiles() {
  const { rows, columns, channels } = SIZE
  return {
    'inputs.npy': float32([COUNT, rows, columns, channels], pictures()),
    'labels.npy': int32(
      [COUNT],
      Array.from({ length: COUNT }, (_, image) => image % 3),
    ),
    'classes.txt': 'red\ngreen\nblue\n',
    'regions.json': JSON.stringify([
      { name: 'round disc of one colour', box: { row: 4, column: 3, height: 20, width: 22 } },
    ]),
  }
}

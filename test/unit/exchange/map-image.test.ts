import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { renderMapImage } from '../../../src/engine/exchange/map-image.ts'
import { colourScale, paintMap } from '../../../src/renderer/lib/colour-scale.ts'
import { DIVERGING, SEQUENTIAL } from '../../../src/shared/colour-maps.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const [ROWS, COLUMNS] = [5, 9]

function pixelsOf(png: Uint8Array): { width: number; height: number; data: number[] } {
  const { width, height, data } = PNG.sync.read(Buffer.from(png))
  return { width, height, data: [...data] }
}

function noise(seed: number, low: number, high: number): Float32Array {
  const generator = seededGenerator(seed, 'picture')
  return Float32Array.from({ length: ROWS * COLUMNS }, () => low + (high - low) * generator.float())
}

describe('the picture of a map', () => {
  test.each([
    ['signed', noise(1, -2, 3), true],
    ['signed and mostly negative', noise(2, -3, 0.5), true],
    ['not signed', noise(3, 0, 1e-6), false],
    ['not signed, with a trace of rounding', noise(4, -1e-9, 1), false],
    ['signed and zero', new Float32Array(ROWS * COLUMNS), true],
    ['not signed and zero', new Float32Array(ROWS * COLUMNS), false],
  ])('has the colours of the review screen when it is %s', (_, values, signed) => {
    const shown = new Uint8ClampedArray(4 * values.length)
    paintMap(values, colourScale(values, signed), shown)
    const picture = pixelsOf(renderMapImage({ values, rows: ROWS, columns: COLUMNS, signed }))
    expect(picture).toEqual({ width: COLUMNS, height: ROWS, data: [...shown] })
  })

  test('goes from one end of the colour table to the other', () => {
    const colours = (values: number[], signed: boolean) => {
      const map = Float32Array.from(values)
      const { data } = pixelsOf(renderMapImage({ values: map, rows: 1, columns: values.length, signed }))
      return values.map((_, pixel) => data.slice(4 * pixel, 4 * pixel + 3))
    }
    const of = (table: Uint8Array, index: number) => [...table.subarray(3 * index, 3 * index + 3)]
    expect(colours([0, 5], false)).toEqual([of(SEQUENTIAL, 0), of(SEQUENTIAL, 255)])
    expect(colours([-4, 0, 4], true)).toEqual([of(DIVERGING, 0), of(DIVERGING, 128), of(DIVERGING, 255)])
    expect(colours([0, 2], true)).toEqual([of(DIVERGING, 128), of(DIVERGING, 255)])
  })

  test('is enlarged pixel by pixel', () => {
    const values = noise(5, -1, 1)
    const small = pixelsOf(renderMapImage({ values, rows: ROWS, columns: COLUMNS, signed: true }))
    const large = pixelsOf(renderMapImage({ values, rows: ROWS, columns: COLUMNS, signed: true, enlarge: 4 }))
    expect([large.width, large.height]).toEqual([4 * COLUMNS, 4 * ROWS])
    for (let y = 0; y < large.height; y += 1) {
      for (let x = 0; x < large.width; x += 1) {
        const from = 4 * ((y >> 2) * COLUMNS + (x >> 2))
        const to = 4 * (y * large.width + x)
        expect(large.data.slice(to, to + 4)).toEqual(small.data.slice(from, from + 4))
      }
    }
  })
})
